import { z } from "zod";
import type { StepKind } from "./step.ts";

const schema = z.strictObject({ kind: z.literal("exit"), reason: z.string().min(1).max(200) });
export type ExitStep = z.infer<typeof schema>;

/** Leaves the journey here, with a reason. */
export const exit: StepKind<ExitStep> = {
  schema,
  exits: () => ({}),
  uses: () => ({}),
  arrive: (step) => ({ kind: "end", reason: step.reason }),
  advance: (step) => ({ kind: "end", reason: step.reason }),
};
