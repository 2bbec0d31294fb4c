import { Liquid, LiquidError, type Template } from "liquidjs";
import { LIMITS } from "./bounded-emitter.ts";
import { FILTERS, REFUSED_FILTERS } from "./filters.ts";
import { type Printed, printer } from "./printer.ts";
import { QuickParser } from "./quick-parser.ts";
import { quicken } from "./quick-renderer.ts";
import { captureTag, REFUSED_TAGS } from "./tags.ts";

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
  quicken(engine);
  engine.registerTag("capture", captureTag(printed));
  return engine;
}

/** @throws LiquidError where the template is wrong. */
export function parseTemplate(engine: Liquid, template: string): Template[] {
  return new QuickParser(engine).parse(template);
}

/** What is wrong and where: `html, line 3, column 14: undefined filter: foo`. */
export function problemIn(part: string, fault: unknown): string {
  if (!LiquidError.is(fault)) return `${part}: ${fault instanceof Error ? fault.message : String(fault)}`;
  const [line, column] = fault.token.getPosition();
  const message = (fault.originalError ?? fault).message.replace(/, line:\d+, col:\d+$/, "");
  return `${part}, line ${line}, column ${column}: ${message}`;
}
