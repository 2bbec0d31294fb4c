/** A part of a path segment: fixed text, or a parameter with what it demands. */
interface Parameter {
  readonly name: string;
  readonly catchAll: boolean;
  readonly optional: boolean;
  readonly fallback: string | undefined;
  readonly constraints: readonly ((value: string) => boolean)[];
}
type Part = { readonly text: string } | Parameter;

export type RouteMatcher = (path: string) => Readonly<Record<string, string>> | undefined;

/**
 * Compiles an ASP.NET Core route template (`items/{id:int}/{*rest}`, `{name?}`, `{kind=all}`, `file-{n}.txt`) to a
 * matcher of paths without their leading slash. It answers the parameters, or undefined where the path does not fit.
 */
export function compileRoute(template: string): RouteMatcher {
  const segments = splitSegments(template.replace(/^~?\//, "").replace(/\/$/, "")).map(parseSegment);
  const names = segments.flat().filter((part) => "name" in part);
  let pattern = "^";
  for (const [at, parts] of segments.entries()) pattern += segmentPattern(parts, at === 0);
  const regex = new RegExp(`${pattern}/?$`, "is");

  return (path) => {
    const match = regex.exec(decoded(path));
    if (match === null) return undefined;
    const values: Record<string, string> = {};
    for (const [at, parameter] of names.entries()) {
      const raw = match[at + 1];
      if (raw === undefined || raw === "") {
        if (parameter.fallback !== undefined) values[parameter.name] = parameter.fallback;
        continue;
      }
      if (!parameter.constraints.every((holds) => holds(raw))) return undefined;
      values[parameter.name] = raw;
    }
    return values;
  };
}

/** Splits at slashes that are not inside braces: a constraint like `regex(^a/b$)` may hold some. */
function splitSegments(template: string): string[] {
  const segments: string[] = [];
  let depth = 0;
  let current = "";
  for (const char of template) {
    if (char === "{") depth++;
    if (char === "}") depth--;
    if (char === "/" && depth === 0) {
      segments.push(current);
      current = "";
    } else current += char;
  }
  if (depth !== 0) throw new Error(`its route "${template}" has a "{" without its "}", or the other way round.`);
  return [...segments, current].filter((segment) => segment !== "");
}

function parseSegment(segment: string): Part[] {
  const parts: Part[] = [];
  let rest = segment;
  while (rest !== "") {
    const open = rest.indexOf("{");
    if (open !== 0) parts.push({ text: open < 0 ? rest : rest.slice(0, open) });
    if (open < 0) break;
    let close = open;
    for (let depth = 0; close < rest.length; close++) {
      if (rest[close] === "{") depth++;
      if (rest[close] === "}" && --depth === 0) break;
    }
    parts.push(parseParameter(rest.slice(open + 1, close)));
    rest = rest.slice(close + 1);
  }
  return parts;
}

function parseParameter(text: string): Parameter {
  const [, stars = "", name = "", rest = ""] = /^(\**)([^:=?]+)(.*)$/s.exec(text) ?? [];
  const [, constraints = "", fallback, question = ""] =
    /^((?::(?:[^:=?(]|\(.*\))+)*)(?:=(.*?))?(\?)?$/s.exec(rest) ?? [];
  return {
    name,
    catchAll: stars !== "",
    optional: question !== "",
    fallback,
    constraints: splitConstraints(constraints).map(constraint),
  };
}

function splitConstraints(text: string): string[] {
  return text.match(/:[^:(]+(?:\((?:[^()]|\([^()]*\))*\))?/gs)?.map((one) => one.slice(1)) ?? [];
}

function segmentPattern(parts: readonly Part[], first: boolean): string {
  const slash = first ? "" : "/";
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && "name" in only) {
    if (only.catchAll) return `(?:${slash}(.*))?`;
    // A value is never empty; an optional one may be left out together with its slash.
    return only.optional || only.fallback !== undefined ? `(?:${slash}([^/]+))?` : `${slash}([^/]+)`;
  }
  return slash + parts.map((part) => ("text" in part ? escaped(part.text) : "([^/]+?)")).join("");
}

const INTEGER = /^[+-]?\d+$/;
const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** ASP.NET Core's inline constraints. An unknown one fails when the route is compiled, as there. */
function constraint(text: string): (value: string) => boolean {
  const [, name = "", argument = ""] = /^([^(]+)(?:\((.*)\))?$/s.exec(text) ?? [];
  const [low = "", high = low] = argument.split(",");
  switch (name.toLowerCase()) {
    case "int":
      return (value) => INTEGER.test(value) && Math.abs(Number(value)) <= 2 ** 31;
    case "long":
      return (value) => INTEGER.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value);
    case "bool":
      return (value) => /^(true|false)$/i.test(value);
    case "decimal":
    case "double":
    case "float":
      return (value) => FLOAT.test(value);
    case "datetime":
      return (value) => !Number.isNaN(Date.parse(value));
    case "guid":
      return (value) => /^[{(]?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}[)}]?$/i.test(value);
    case "alpha":
      return (value) => /^[a-z]*$/i.test(value);
    case "required":
      return (value) => value !== "";
    case "minlength":
      return (value) => value.length >= Number(low);
    case "maxlength":
      return (value) => value.length <= Number(low);
    case "length":
      return (value) => value.length >= Number(low) && value.length <= Number(high);
    case "min":
      return (value) => INTEGER.test(value) && Number(value) >= Number(low);
    case "max":
      return (value) => INTEGER.test(value) && Number(value) <= Number(low);
    case "range":
      return (value) => INTEGER.test(value) && Number(value) >= Number(low) && Number(value) <= Number(high);
    case "regex": {
      const regex = new RegExp(argument.replaceAll("{{", "{").replaceAll("}}", "}"), "i");
      return (value) => regex.test(value);
    }
    default:
      throw new Error(`"${name}" is no route constraint.`);
  }
}

/** As the real host's web server does it before it looks for a route: all but `%2F`, which would change the path. */
function decoded(path: string): string {
  return path.replaceAll(/(?:%(?!2f)[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
