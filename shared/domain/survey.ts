import { z } from "zod";
import { language } from "./mail.ts";
import { logicalName, slug } from "./value.ts";

const questionId = z.string().regex(/^[a-z][a-z0-9_]*$/, "a short name such as satisfaction");

/** A rating has numbered options, so that its answer fits an option-set column; a comment is free text. */
const question = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("rating"),
    id: questionId,
    options: z.array(z.number().int()).min(2).max(11),
    /** Column of the journey's record that the answer is written to. */
    writeTo: logicalName.optional(),
  }),
  z.strictObject({ kind: z.literal("comment"), id: questionId, maxLength: z.number().int().max(4000).default(2000) }),
]);
export type Question = z.infer<typeof question>;

/** One language's texts; `options` by the option's number. */
const surveyVariant = z.strictObject({
  title: z.string().min(1).max(200),
  intro: z.string().max(2000).optional(),
  thanks: z.string().max(2000).optional(),
  questions: z.record(
    questionId,
    z.strictObject({ text: z.string().min(1), options: z.record(z.string(), z.string()).default({}) }),
  ),
});

/** A survey: the same questions in each language. */
export const survey = z
  .strictObject({
    slug,
    name: z.string().min(1).max(200),
    questions: z.array(question).min(1).max(20),
    fallback: language,
    variants: z.record(language, surveyVariant),
  })
  .superRefine((it, problems) => {
    if (it.variants[it.fallback] === undefined)
      problems.addIssue({
        code: "custom",
        path: ["fallback"],
        message: "the fallback language needs a variant of its own",
      });
    for (const [code, variant] of Object.entries(it.variants))
      for (const asked of it.questions) {
        const texts = variant.questions[asked.id];
        const path = ["variants", code, "questions", asked.id];
        if (texts === undefined)
          problems.addIssue({ code: "custom", path, message: `no text for question ${asked.id}` });
        else if (asked.kind === "rating")
          for (const option of asked.options.filter((number) => texts.options[number] === undefined))
            problems.addIssue({ code: "custom", path: [...path, "options"], message: `no label for option ${option}` });
      }
  });
export type Survey = z.infer<typeof survey>;
