import {
  type Context,
  type Emitter,
  type Liquid,
  LiquidError,
  RenderError,
  type Template,
  toValueSync,
} from "liquidjs";
import { BoundedEmitter } from "./bounded-emitter.ts";

/** Renders a list of templates to its end, and answers what stands in the emitter then. */
export type RenderTemplates = (templates: readonly Template[], context: Context, emitter?: Emitter) => string;

/**
 * Gives the engine a renderer without generators, for itself and for its tags: they wait for whatever it answers, and
 * a text is no less than a generator of one.
 */
export function quicken(engine: Liquid): void {
  const renderer: { renderTemplates: RenderTemplates } = { renderTemplates };
  Object.assign(engine, { renderer });
}

/** @throws LiquidError with the place, also past the limits. */
export const renderTemplates: RenderTemplates = (templates, context, emitter = new BoundedEmitter()) => {
  let current: Template | undefined;
  try {
    for (const template of templates) {
      current = template;
      const rendered: unknown = template.render(context, emitter);
      // Text, outputs and conditions answer nothing and take no time: only loops can make a template run long.
      if (rendered !== undefined) {
        context.renderLimit.check(performance.now());
        const text: unknown = toValueSync(rendered as IterableIterator<unknown>);
        if (text) emitter.write(text);
      }
      if (context.breakCalled || context.continueCalled) break;
    }
  } catch (fault) {
    throw LiquidError.is(fault) || current === undefined ? fault : new RenderError(fault as Error, current);
  }
  return emitter.buffer;
};
