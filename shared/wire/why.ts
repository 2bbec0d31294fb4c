import { z } from "zod";

/** What is answered to "why?", for readers of the API. Every text is a sentence in the language that was asked for. */

const value = z.object({
  label: z.string(),
  expected: z.string(),
  seen: z.string(),
  before: z.string().optional(),
  readAt: z.string().optional(),
});

const link = z
  .object({
    step: z.enum(["change", "trigger", "filter", "entry", "consent", "send", "delivery"]),
    label: z.string(),
    outcome: z.enum(["yes", "no", "not-reached", "unknown"]),
    outcomeLabel: z.string(),
    at: z.string().nullable(),
    text: z.string(),
    values: z.array(value),
  })
  .meta({ id: "WhyLink" });

const moved = z.object({ label: z.string(), before: z.string(), after: z.string() });

const change = z
  .object({
    at: z.string(),
    text: z.string(),
    moved: z.array(moved),
    triggers: z.array(
      z.object({
        trigger: z.string(),
        fired: z.boolean(),
        text: z.string(),
        values: z.array(value),
        journeys: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: "WhyChange" });

const cause = z
  .object({
    cause: z.string(),
    label: z.string(),
    verdict: z.enum(["found", "ruled-out", "unknown"]),
    verdictLabel: z.string(),
    text: z.string(),
  })
  .meta({ id: "WhyCause" });

const choices = z.object({
  kind: z.literal("choices"),
  answer: z.string(),
  choices: z.array(z.object({ about: z.string(), table: z.string(), label: z.string() })),
});
const nobody = z.object({ kind: z.literal("nobody"), answer: z.string(), mend: z.string() });

export const whyAnswer = z
  .union([
    z.object({
      kind: z.literal("answer"),
      subject: z.string(),
      timeZone: z.string(),
      about: z.string(),
      answer: z.string(),
      mend: z.string(),
      chain: z.array(link),
      also: z.array(z.object({ at: z.string(), answer: z.string() })),
      changes: z.array(change),
      causes: z.array(cause),
      more: z.boolean(),
    }),
    choices,
    nobody,
  ])
  .meta({ id: "WhyAnswer" });

export const twiceAnswer = z
  .union([
    z.object({
      kind: z.literal("answer"),
      subjects: z.array(z.string()),
      timeZone: z.string(),
      answer: z.string(),
      mend: z.string(),
      sides: z.array(
        z.object({
          title: z.string(),
          change: z.object({ at: z.string(), text: z.string(), moved: z.array(moved) }).nullable(),
          chain: z.array(link),
        }),
      ),
    }),
    choices,
    nobody,
  ])
  .meta({ id: "TwiceAnswer" });
