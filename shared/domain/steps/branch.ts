import { z } from "zod";
import { condition } from "../condition.ts";
import { type StepKind, type Target, target } from "./step.ts";

const arm = z.strictObject({ name: z.string().min(1).max(60), when: condition, next: target });
const schema = z.strictObject({
  kind: z.literal("branch"),
  arms: z.array(arm).min(1).max(25),
  otherwise: target,
});
export type BranchStep = z.infer<typeof schema>;

/** The arm where nothing else held. */
export const OTHERWISE = "otherwise";

/** Takes the first arm whose condition holds, else the default arm. */
export const branch: StepKind<BranchStep> = {
  schema,
  exits: (step) => ({
    ...Object.fromEntries(step.arms.map((one): [string, Target] => [one.name, one.next])),
    [OTHERWISE]: step.otherwise,
  }),
  uses: (step) => ({ conditions: step.arms.map((one) => one.when) }),
  arrive: () => ({ kind: "act" }),
  advance: (_step, outcome) => ({ kind: "leave", exit: outcome.kind === "chose" ? outcome.arm : OTHERWISE }),
};
