import { z } from "zod";
import { slug } from "../value.ts";
import { type StepKind, target } from "./step.ts";

const schema = z.strictObject({ kind: z.literal("discount"), pool: slug, next: target });
export type DiscountStep = z.infer<typeof schema>;

/** Draws one code out of a pool, one for each visit; mails show it as `discount.code`. An empty pool is a hold. */
export const discount: StepKind<DiscountStep> = {
  schema,
  exits: (step) => ({ next: step.next }),
  uses: (step) => ({ pools: [step.pool] }),
  arrive: () => ({ kind: "act" }),
  advance: () => ({ kind: "leave", exit: "next" }),
};
