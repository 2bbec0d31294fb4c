import {
  type Context,
  type Emitter,
  type Filter,
  type Liquid,
  Output,
  Parser,
  type Template,
  type TopLevelToken,
  TypeGuards,
  toValueSync,
  type Value,
} from "liquidjs";
import { isRoot } from "./view.ts";

type Parsed = ReturnType<Parser["parseToken"]>;

/**
 * liquidjs walks each output through half a dozen generators, so that values may be promises. Ours never are: plain
 * text and outputs of plain paths, nine tenths of a mail, are rendered by plain functions instead (5 times as fast).
 */
export class QuickParser extends Parser {
  readonly #print: (value: unknown) => string;

  constructor(engine: Liquid) {
    super(engine);
    this.#print = engine.options.outputEscape as (value: unknown) => string;
  }

  override parseToken(token: TopLevelToken, rest: TopLevelToken[]): Parsed {
    const parsed = super.parseToken(token, rest);
    if (parsed instanceof Output) return quickOutput(parsed, this.#print);
    return TypeGuards.isHTMLToken(token) ? quickText(parsed, token.getContent()) : parsed;
  }
}

function quickText(parsed: Parsed, text: string): Parsed {
  return replaceRender(parsed, (_context, emitter) => emitter.write(text));
}

function quickOutput(output: Output, print: (value: unknown) => string): Parsed {
  const path = plainPath(output.value);
  if (path === undefined) return output;
  const filters = output.value.filters;
  // liquidjs put the printer last, unless the author wrote `raw`; it is called here without a generator around it.
  const printed = !filters.at(-1)?.raw;
  const steps = printed ? filters.slice(0, -1) : filters;
  return replaceRender(output, (context, emitter) => {
    let value = read(context, path);
    for (const step of steps) value = apply(step, value, context);
    emitter.write(printed ? print(value) : value);
  });
}

function apply(filter: Filter, value: unknown, context: Context): unknown {
  return toValueSync(filter.render(value, context));
}

/** Rendered to nothing, a template needs no generator; the class's type asks for one. */
function replaceRender(parsed: Parsed, render: (context: Context, emitter: Emitter) => void): Parsed {
  return Object.assign(parsed, { render } as unknown as Pick<Template, "render">);
}

function read(context: Context, path: readonly string[]): unknown {
  let at: unknown = context.environments;
  for (const name of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

// What liquidjs answers for every list and text, own property or not.
const COMPUTED: readonly string[] = ["size", "first", "last"];

/** The names of a path such as `event.title`; undefined for what only the engine can evaluate. */
function plainPath(value: Value): string[] | undefined {
  const [token, ...more] = value.initial.postfix;
  if (more.length > 0 || !TypeGuards.isPropertyAccessToken(token) || token.variable !== undefined) return undefined;
  const names: string[] = [];
  for (const part of token.props) {
    if (!TypeGuards.isWordToken(part) && !TypeGuards.isQuotedToken(part)) return undefined;
    if (COMPUTED.includes(part.content)) return undefined;
    names.push(part.content);
  }
  return isRoot(names[0]) ? names : undefined;
}
