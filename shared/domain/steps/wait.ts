import { z } from "zod";
import { addDuration } from "../duration.ts";
import { duration, type StepKind, target } from "./step.ts";

const schema = z.strictObject({ kind: z.literal("wait"), duration, next: target });
export type WaitStep = z.infer<typeof schema>;

/** Lets some time pass. */
export const wait: StepKind<WaitStep> = {
  schema,
  exits: (step) => ({ next: step.next }),
  uses: () => ({}),
  arrive: (step, now) => ({ kind: "wait", until: addDuration(now, step.duration) }),
  advance: () => ({ kind: "leave", exit: "next" }),
};
