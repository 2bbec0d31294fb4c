import { CaptureTag, type Context } from "liquidjs";
import type { Printed } from "./printer.ts";
import type { QuickContext } from "./quick-context.ts";
import type { RenderTemplates } from "./quick-renderer.ts";
import { Markup } from "./shown-values.ts";

/** Tags that reach other files. A mail is one text. */
export const REFUSED_TAGS = ["include", "render", "layout", "block"] as const;

/** `capture`, whose HTML is not escaped a second time where it is printed. */
export function captureTag(printed: Printed, render: RenderTemplates): typeof CaptureTag {
  return class extends CaptureTag {
    // biome-ignore lint/correctness/useYield: liquidjs asks for a generator; ours has nothing to wait for
    override *render(context: Context): Generator<unknown, void, string> {
      const text = render(this.templates, context as QuickContext);
      Object.assign(context.bottom(), { [this.variable]: printed === "html" ? new Markup(text) : text });
    }
  };
}
