import {
  type Context,
  type Emitter,
  ForTag,
  IfTag,
  type Liquid,
  LiquidError,
  Output,
  RenderError,
  type Template,
  TypeGuards,
  toValueSync,
  UnlessTag,
} from "liquidjs";
import { BoundedEmitter } from "./bounded-emitter.ts";
import type { QuickContext } from "./quick-context.ts";
import { type QuickRender, quickBranches, quickFor } from "./quick-tags.ts";
import { type Evaluate, quickValue } from "./quick-values.ts";

/** Renders templates to their end, and answers what stands in the emitter then. @throws LiquidError with the place */
export type RenderTemplates = (templates: readonly Template[], context: QuickContext, emitter?: Emitter) => string;

/** A text, and what is printed or done after it. */
interface Step {
  readonly text: string;
  readonly value?: Evaluate;
  readonly tag?: QuickRender;
  /** Tells where, when it fails. */
  readonly template?: Template;
}

/**
 * liquidjs walks each template through half a dozen generators, so that values may be promises. Ours never are: a list
 * of templates is turned into few steps of plain functions once, and then rendered several times as fast. The engine's
 * own tags come here too: they wait for whatever a renderer answers, and a text is no less than a generator of one.
 */
export function quicken(engine: Liquid): RenderTemplates {
  const known = new WeakMap<readonly Template[], readonly Step[]>();
  const renderTemplates: RenderTemplates = (templates, context, emitter = new BoundedEmitter()) => {
    let steps = known.get(templates);
    if (steps === undefined) {
      steps = stepsOf(templates, engine, renderTemplates);
      known.set(templates, steps);
    }
    return run(steps, context, emitter);
  };
  Object.assign(engine, { renderer: { renderTemplates } });
  return renderTemplates;
}

function stepsOf(templates: readonly Template[], engine: Liquid, render: RenderTemplates): Step[] {
  const steps: Step[] = [];
  let text = "";
  for (const template of templates)
    if (TypeGuards.isHTMLToken(template.token)) text += template.token.getContent();
    else {
      steps.push({ text, template, ...actOf(template, engine, render) });
      text = "";
    }
  return text === "" ? steps : [...steps, { text }];
}

function actOf(template: Template, engine: Liquid, render: RenderTemplates): Pick<Step, "value" | "tag"> {
  if (template instanceof Output) return { value: printed(template, engine) };
  if (template instanceof IfTag || template instanceof UnlessTag)
    return { tag: quickBranches(template, engine, render) };
  return { tag: template instanceof ForTag ? quickFor(template, engine, render) : theirs(template) };
}

function printed({ value: { filters }, value }: Output, engine: Liquid): Evaluate {
  // The printer stands last, unless the author wrote `raw`; called directly it needs no context.
  if (filters.at(-1)?.raw) return quickValue(value, filters, engine);
  const print = engine.options.outputEscape as (value: unknown) => string;
  const found = quickValue(value, filters.slice(0, -1), engine);
  return (context) => print(found(context));
}

function theirs(template: Template): QuickRender {
  return (context, emitter) => template.render(context, emitter);
}

function run(steps: readonly Step[], context: QuickContext, emitter: Emitter): string {
  let current: Step | undefined;
  try {
    for (const step of steps) {
      current = step;
      if (step.text !== "") emitter.write(step.text);
      if (step.value !== undefined) emitter.write(step.value(context));
      else if (step.tag !== undefined) {
        waitFor(step.tag(context, emitter), context, emitter);
        if (context.breakCalled || context.continueCalled) break;
      }
    }
  } catch (fault) {
    const template = current?.template;
    throw LiquidError.is(fault) || template === undefined ? fault : new RenderError(fault as Error, template);
  }
  return emitter.buffer;
}

/** A tag of the engine's own answers a generator; it alone can make a template run long, with the loops. */
function waitFor(rendered: unknown, context: Context, emitter: Emitter): void {
  if (rendered === undefined) return;
  context.renderLimit.check(performance.now());
  const text: unknown = toValueSync(rendered as IterableIterator<unknown>);
  if (text) emitter.write(text);
}
