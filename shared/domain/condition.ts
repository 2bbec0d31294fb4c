import { z } from "zod";
import { type Counting, counting } from "./child-rows.ts";
import { fieldValue } from "./value.ts";

/**
 * Where a value comes from: `event.<column>` (as the entry event brought it), `event.<step>.<column>` (an awaited
 * event, by the name of its step), `before.<column>`, `record.<column>` (now), `audience.<column>` (now),
 * `related.<lookup>.<column>`, `survey.<step>.<question>`, `discount.<step>.code`, `change.<by|depth|tag|message>`.
 */
export const field = z
  .string()
  .regex(
    /^(event|before|record|audience|related|survey|discount|change)(\.[A-Za-z0-9_-]+){1,2}$/,
    "a field such as event.statecode, before.statecode, record.title, audience.firstname or survey.ask.satisfaction",
  );
export type Field = z.infer<typeof field>;

const ORDERED = ["gt", "ge", "lt", "le"] as const;
const TEXT = ["contains", "starts-with"] as const;
const valued = z.enum(["eq", "ne", ...ORDERED, ...TEXT, "changed-from", "changed-to"]);

/** Comparisons with one value, with several, with none, and with a span of time (ISO 8601 duration). */
const comparison = z.union([
  z.strictObject({ kind: z.literal("compare"), field, op: valued, value: fieldValue }),
  z.strictObject({ kind: z.literal("compare"), field, op: z.literal("in"), value: z.array(fieldValue).min(1) }),
  z.strictObject({ kind: z.literal("compare"), field, op: z.enum(["is-null", "changed"]) }),
  z.strictObject({ kind: z.literal("compare"), field, op: z.enum(["within-last", "within-next"]), value: z.string() }),
]);
export type Comparison = z.infer<typeof comparison>;
export type Operator = Comparison["op"];

/** A question about the event and the people in it. Authors write conditions, the store keeps them. */
export type Condition =
  | Comparison
  | Counting
  | { readonly kind: "all"; readonly of: readonly Condition[] }
  | { readonly kind: "any"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition };

export const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    comparison,
    counting,
    z.strictObject({ kind: z.literal("all"), of: z.array(condition) }),
    z.strictObject({ kind: z.literal("any"), of: z.array(condition) }),
    z.strictObject({ kind: z.literal("not"), of: condition }),
  ]),
);
