import { z } from "zod";
import { addDuration } from "../duration.ts";
import { slug } from "../value.ts";
import { duration, type StepKind, target } from "./step.ts";

const schema = z.strictObject({
  kind: z.literal("survey"),
  survey: slug,
  /** The invitation; its template shows the page's address as `survey.link`. */
  mail: slug,
  within: duration.default("P7D"),
  answered: target,
  unanswered: target,
});
export type SurveyStep = z.infer<typeof schema>;

/** Invites the audience member to a survey and waits for the answer. Who could not be invited goes on as unanswered. */
export const survey: StepKind<SurveyStep> = {
  schema,
  exits: (step) => ({ answered: step.answered, unanswered: step.unanswered }),
  uses: (step) => ({ mails: [step.mail], surveys: [step.survey] }),
  arrive: () => ({ kind: "act" }),
  advance: (step, outcome, now) => {
    switch (outcome.kind) {
      case "sent":
      case "unknown":
        return { kind: "wait", until: addDuration(now, step.within) };
      case "happened":
        return { kind: "leave", exit: "answered" };
      default:
        return { kind: "leave", exit: "unanswered" };
    }
  },
  awaits: () => ({ trigger: "survey-answered", condition: undefined, sameRecord: false, since: "entry", own: true }),
};
