import {
  ForTag,
  IfTag,
  type Liquid,
  Output,
  Parser,
  type Template,
  type TopLevelToken,
  TypeGuards,
  UnlessTag,
} from "liquidjs";
import { type QuickRender, quickBranches, quickFor } from "./quick-tags.ts";
import { quickValue } from "./quick-values.ts";

type Parsed = ReturnType<Parser["parseToken"]>;

/**
 * liquidjs walks each output through half a dozen generators, so that values may be promises. Ours never are: text,
 * outputs and conditions, nearly all of a mail, are rendered by plain functions instead (several times as fast).
 */
export class QuickParser extends Parser {
  readonly #engine: Liquid;

  constructor(engine: Liquid) {
    super(engine);
    this.#engine = engine;
  }

  override parseToken(token: TopLevelToken, rest: TopLevelToken[]): Parsed {
    const parsed = super.parseToken(token, rest);
    const quick = this.#quick(parsed, token);
    // Rendered to nothing, a template needs no generator; the classes' types ask for one.
    return quick === undefined
      ? parsed
      : Object.assign(parsed, { render: quick } as unknown as Pick<Template, "render">);
  }

  #quick(parsed: Parsed, token: TopLevelToken): QuickRender | undefined {
    if (parsed instanceof Output) return quickOutput(parsed, this.#engine);
    if (parsed instanceof IfTag || parsed instanceof UnlessTag) return quickBranches(parsed, this.#engine);
    if (parsed instanceof ForTag) return quickFor(parsed, this.#engine);
    if (!TypeGuards.isHTMLToken(token)) return undefined;
    const text = token.getContent();
    return (_context, emitter) => emitter.write(text);
  }
}

function quickOutput({ value: { filters }, value }: Output, engine: Liquid): QuickRender {
  // The printer stands last, unless the author wrote `raw`; called directly it needs no context.
  const printed = !filters.at(-1)?.raw;
  const print = engine.options.outputEscape as (value: unknown) => string;
  const found = quickValue(value, printed ? filters.slice(0, -1) : filters, engine);
  return printed
    ? (context, emitter) => emitter.write(print(found(context)))
    : (context, emitter) => emitter.write(found(context));
}
