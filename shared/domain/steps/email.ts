import { z } from "zod";
import { slug } from "../value.ts";
import { type StepKind, target } from "./step.ts";

const schema = z.strictObject({ kind: z.literal("email"), mail: slug, next: target });
export type EmailStep = z.infer<typeof schema>;

/** Sends one mail to the audience member. A mail that was not sent never stops the journey. */
export const email: StepKind<EmailStep> = {
  schema,
  exits: (step) => ({ next: step.next }),
  uses: (step) => ({ mails: [step.mail] }),
  arrive: () => ({ kind: "act" }),
  advance: () => ({ kind: "leave", exit: "next" }),
};
