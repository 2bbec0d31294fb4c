import { type Answer, tellWhy } from "../../domain/why/answer.ts";
import type { Evidence, Subject } from "../../domain/why/evidence.ts";
import { type Speaker, speakerOf } from "../../domain/why/speaker.ts";
import type { StoryFilter } from "../../domain/why/stories.ts";
import type { PageLanguage } from "../../domain/words.ts";
import type { Deps } from "../deps.ts";
import { type FoundSubject, findSubject } from "./find-subject.ts";
import { readEvidence } from "./read-evidence.ts";
import { readGlossary } from "./read-glossary.ts";

export interface WhyQuery extends StoryFilter {
  readonly about: string;
  readonly language: PageLanguage;
  /** Without personal data: for a ticket. */
  readonly discreet: boolean;
}

/** Somebody or something that may be meant. */
export interface Choice {
  /** To ask again with. */
  readonly about: string;
  readonly table: string;
  readonly label: string;
}

export type WhyAnswer =
  | ({ readonly kind: "answer"; readonly subject: string; readonly timeZone: string } & Answer)
  | { readonly kind: "choices"; readonly answer: string; readonly choices: readonly Choice[] }
  | { readonly kind: "nobody"; readonly answer: string; readonly mend: string };

/** Why something happened, or did not, about a record or a person. */
export async function answerWhy(query: WhyQuery, deps: Deps): Promise<WhyAnswer> {
  const found = await findSubject(query.about, deps);
  if (found.kind !== "subject") return tellFound(found, query, deps);
  const evidence = await readEvidence(found.subject, found.elsewhere, deps);
  const speaker = await speakerFor([evidence], query, deps);
  const { table, id } = found.subject;
  const { timeZone } = speaker.speaking;
  return { kind: "answer", subject: `${table}:${id}`, timeZone, ...tellWhy(evidence, query, speaker) };
}

export async function speakerFor(
  all: readonly Evidence[],
  { language, discreet, journey }: Pick<WhyQuery, "language" | "discreet" | "journey">,
  deps: Deps,
): Promise<Speaker> {
  const glossary = await readGlossary(all, deps);
  const asked = journey ?? all[0]?.entries.at(-1)?.journey;
  const journeys = all[0]?.journeys ?? {};
  const named = asked === undefined ? undefined : journeys[asked];
  const timeZone = (named ?? Object.values(journeys)[0])?.timeZone ?? "UTC";
  return speakerOf({ language, timeZone, discreet, glossary });
}

/** Who is meant has to be said, or nobody is. */
export async function tellFound(
  found: Exclude<FoundSubject, { kind: "subject" }>,
  { language, discreet }: Pick<WhyQuery, "language" | "discreet">,
  { metadata }: Pick<Deps, "metadata">,
): Promise<Exclude<WhyAnswer, { kind: "answer" }>> {
  const subjects: readonly Subject[] = found.kind === "choices" ? found.choices : [];
  const tables = await Promise.all(
    [...new Set(subjects.map(({ table }) => table))].map((table) => metadata.table(table)),
  );
  const known = Object.fromEntries(tables.flatMap((table) => (table === undefined ? [] : [[table.table, table]])));
  const glossary = { tables: known, triggers: {}, journeys: {}, users: {}, people: {}, rows: {} };
  const speaker = speakerOf({ language, timeZone: "UTC", discreet, glossary });
  const { search } = speaker.say;
  if (found.kind === "nobody") return { kind: "nobody", answer: search.nobody[found.reason], mend: search.mend };
  const choices = subjects.map(({ table, id, name }) => {
    return { about: `${table}:${id}`, table: speaker.table(table), label: speaker.row(table, id, name) };
  });
  return { kind: "choices", answer: search.several, choices };
}
