import { type TwiceAnswer, tellTwice } from "../../domain/why/twice.ts";
import type { Deps } from "../deps.ts";
import { speakerFor, tellFound, type WhyAnswer, type WhyQuery } from "./answer-why.ts";
import { findSubject } from "./find-subject.ts";
import { readEvidence } from "./read-evidence.ts";

export type TwiceQuery = Pick<WhyQuery, "about" | "discreet" | "journey" | "language">;

export type TwiceTold =
  | ({ readonly kind: "answer"; readonly subjects: readonly string[]; readonly timeZone: string } & TwiceAnswer)
  | Exclude<WhyAnswer, { kind: "answer" }>;

/** Rows of persons that share an address and are looked at together. */
const MOST_PEOPLE = 5;

/** Why somebody got something twice. An address that several persons share is one question, not a list to choose from. */
export async function answerTwice(query: TwiceQuery, deps: Deps): Promise<TwiceTold> {
  const found = await findSubject(query.about, deps);
  const shares = found.kind === "choices" && query.about.includes("@");
  if (found.kind === "nobody" || (found.kind === "choices" && !shares)) return tellFound(found, query, deps);
  const subjects = found.kind === "subject" ? [found.subject] : found.choices.slice(0, MOST_PEOPLE);
  const all = await Promise.all(subjects.map((subject) => readEvidence(subject, null, deps)));
  const speaker = await speakerFor(all, query, deps);
  return {
    kind: "answer",
    subjects: subjects.map(({ table, id }) => `${table}:${id}`),
    timeZone: speaker.speaking.timeZone,
    ...tellTwice(all, query.journey, speaker),
  };
}
