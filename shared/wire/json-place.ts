/** What JSON.parse makes of an object, before anything about it is known. */
export type JsonObject = { readonly [key: string]: unknown };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Something in a parsed document is not what it must be. It names the parent by identity and the key in it; the path
 * is looked for only once it is needed, so that a sound document pays nothing for it.
 */
export class Misfit extends Error {
  readonly parent: object | undefined;
  readonly key: string | number;

  constructor(problem: string, parent?: object, key: string | number = "") {
    super(problem);
    this.name = "Misfit";
    this.parent = parent;
    this.key = key;
  }
}

/** `$.InputParameters[0].value.Attributes[3].value`: where a misfit stands in its document. */
export function pathOf(root: unknown, misfit: Misfit): string {
  if (misfit.parent === undefined) return "$";
  // Not recursive: what is nested too deeply for the stack must still get an answer.
  const open: { readonly node: unknown; readonly path: string }[] = [{ node: root, path: "$" }];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const { node, path } = top;
    if (node === misfit.parent) return path + step(misfit.key);
    if (Array.isArray(node))
      for (const [index, child] of node.entries()) open.push({ node: child, path: path + step(index) });
    else if (isJsonObject(node))
      for (const [key, child] of Object.entries(node)) open.push({ node: child, path: path + step(key) });
  }
  return "$";
}

function step(key: string | number): string {
  if (typeof key === "number") return `[${key}]`;
  if (key === "") return "";
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key.slice(0, 60))}]`;
}

const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
/** From space on, without quote and backslash; in portions, for one match must not outgrow the engine's stack. */
const STRING_PART = /[ !#-[\]-\uffff]{1,10000}|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const SPACE = /[ \t\n\r]*/y;

/**
 * Index of the first character that no JSON text could have there (the text's length if it only ends too soon).
 * V8 tells a position for some faults and an excerpt of the text for others; an excerpt may hold personal data.
 */
export function brokenAt(text: string): number {
  const open: ("{" | "[")[] = [];
  let expects: "value" | "value or ]" | "key" | "key or }" | ":" | ", or end" = "value";
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const takeString = (): boolean => {
    at += 1;
    while (take(STRING_PART));
    return text[at++] === '"';
  };
  for (;;) {
    take(SPACE);
    const char = text[at];
    if (char === undefined) return at;
    if (expects === ", or end") {
      const inside = open.at(-1);
      if (inside === undefined) return at;
      if (char === ",") expects = inside === "{" ? "key" : "value";
      else if (char === (inside === "{" ? "}" : "]")) open.pop();
      else return at;
      at += 1;
    } else if (expects === ":") {
      if (char !== ":") return at;
      expects = "value";
      at += 1;
    } else if (expects === "key" || expects === "key or }") {
      if (char === "}" && expects === "key or }") {
        open.pop();
        expects = ", or end";
        at += 1;
      } else if (char !== '"') return at;
      else if (takeString()) expects = ":";
      else return at - 1;
    } else if (char === "{" || char === "[") {
      open.push(char);
      expects = char === "{" ? "key or }" : "value or ]";
      at += 1;
    } else if (char === "]" && expects === "value or ]") {
      open.pop();
      expects = ", or end";
      at += 1;
    } else if (char === '"') {
      if (!takeString()) return at - 1;
      expects = ", or end";
    } else if (take(SCALAR)) expects = ", or end";
    else return at;
  }
}
