import { Context, Liquid, LiquidError, type Template, toValueSync } from "liquidjs";
import { BoundedEmitter, LIMITS } from "./bounded-emitter.ts";
import { FILTERS, REFUSED_FILTERS } from "./filters.ts";
import { type Printed, printer } from "./printer.ts";
import { QuickParser } from "./quick-parser.ts";
import { captureTag, REFUSED_TAGS } from "./tags.ts";
import type { View } from "./view.ts";

/** A Liquid that reaches no file and no clock, and prints as a mail's part needs it. */
export function makeEngine(printed: Printed): Liquid {
  const engine = new Liquid({
    // A mapping replaces the file system: even a tag that we overlooked finds nothing.
    templates: {},
    ownPropertyOnly: true,
    strictFilters: true,
    outputEscape: printer(printed),
    parseLimit: LIMITS.parse,
    renderLimit: LIMITS.milliseconds,
    memoryLimit: LIMITS.memory,
  });
  for (const tag of REFUSED_TAGS) delete engine.tags[tag];
  for (const filter of REFUSED_FILTERS) engine.unregisterFilter(filter);
  for (const [name, filter] of Object.entries(FILTERS[printed])) engine.registerFilter(name, filter);
  engine.registerTag("capture", captureTag(printed));
  return engine;
}

/** @throws LiquidError where the template is wrong. */
export function parseTemplate(engine: Liquid, template: string): Template[] {
  return new QuickParser(engine).parse(template);
}

/** @throws LiquidError past the limits. */
export function renderTemplate(engine: Liquid, templates: Template[], view: View): string {
  const context = new Context(view, engine.options, { sync: true }, { liquid: engine });
  const page = new BoundedEmitter();
  toValueSync(engine.renderer.renderTemplates(templates, context, page));
  return page.buffer;
}

/** What is wrong and where: `html, line 3, column 14: undefined filter: foo`. */
export function problemIn(part: string, fault: unknown): string {
  if (!LiquidError.is(fault)) return `${part}: ${fault instanceof Error ? fault.message : String(fault)}`;
  const [line, column] = fault.token.getPosition();
  const message = (fault.originalError ?? fault).message.replace(/, line:\d+, col:\d+$/, "");
  return `${part}, line ${line}, column ${column}: ${message}`;
}
