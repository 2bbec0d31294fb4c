import { z } from "zod";
import { condition } from "../condition.ts";
import { addDuration } from "../duration.ts";
import { slug } from "../value.ts";
import { duration, type StepKind, target } from "./step.ts";

const schema = z.strictObject({
  kind: z.literal("wait-for"),
  trigger: slug,
  /** Asked of the event that arrived: `event.<column>`, `before.<column>`, `change.…`. */
  condition: condition.optional(),
  /** An event about a row of the entry's table must be about the very row. */
  sameRecord: z.boolean().default(true),
  since: z.enum(["entry", "now"]).default("entry"),
  within: duration.default("P7D"),
  happened: target,
  elapsed: target,
});
export type WaitForStep = z.infer<typeof schema>;

/** Waits for a trigger, no longer than its time limit; two arms. Who acted early does not wait. */
export const waitFor: StepKind<WaitForStep> = {
  schema,
  exits: (step) => ({ happened: step.happened, elapsed: step.elapsed }),
  uses: (step) => (step.condition === undefined ? {} : { conditions: [step.condition] }),
  arrive: (step, now) => ({ kind: "wait", until: addDuration(now, step.within) }),
  advance: (_step, outcome) => ({ kind: "leave", exit: outcome.kind === "happened" ? "happened" : "elapsed" }),
  awaits: (step) => ({
    trigger: step.trigger,
    condition: step.condition,
    sameRecord: step.sameRecord,
    since: step.since,
    own: false,
  }),
};
