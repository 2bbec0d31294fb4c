import { Liquid, LiquidError, type Template } from "liquidjs";
import { LIMITS } from "./bounded-emitter.ts";
import { FILTERS, REFUSED_FILTERS } from "./filters.ts";
import { type Printed, printer } from "./printer.ts";
import { QuickContext } from "./quick-context.ts";
import { quicken } from "./quick-renderer.ts";
import { captureTag, REFUSED_TAGS } from "./tags.ts";
import type { View } from "./view.ts";

export interface Engine {
  /** @throws LiquidError where the template is wrong. */
  parse(template: string): Template[];
  /** @throws LiquidError past the limits, or where a filter can't do what it is asked for. */
  render(templates: readonly Template[], view: View): string;
}

/** A Liquid that reaches no file and no clock, and prints as a mail's part needs it. */
export function makeEngine(printed: Printed): Engine {
  const liquid = new Liquid({
    // A mapping replaces the file system: even a tag that we overlooked finds nothing.
    templates: {},
    ownPropertyOnly: true,
    strictFilters: true,
    outputEscape: printer(printed),
    parseLimit: LIMITS.parse,
    renderLimit: LIMITS.milliseconds,
    memoryLimit: LIMITS.memory,
  });
  for (const tag of REFUSED_TAGS) delete liquid.tags[tag];
  for (const filter of REFUSED_FILTERS) liquid.unregisterFilter(filter);
  for (const [name, filter] of Object.entries(FILTERS[printed])) liquid.registerFilter(name, filter);
  const renderTemplates = quicken(liquid);
  liquid.registerTag("capture", captureTag(printed, renderTemplates));
  return {
    parse: (template) => liquid.parse(template),
    render: (templates, view) => renderTemplates(templates, new QuickContext(view, liquid)),
  };
}

/** What is wrong and where: `html, line 3, column 14: undefined filter: foo`. */
export function problemIn(part: string, fault: unknown): string {
  if (!LiquidError.is(fault)) return `${part}: ${fault instanceof Error ? fault.message : String(fault)}`;
  const [line, column] = fault.token.getPosition();
  const message = (fault.originalError ?? fault).message.replace(/, line:\d+, col:\d+$/, "");
  return `${part}, line ${line}, column ${column}: ${message}`;
}
