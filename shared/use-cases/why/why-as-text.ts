import { tellWhy } from "../../domain/why/answer.ts";
import { asText } from "../../domain/why/as-text.ts";
import type { Deps } from "../deps.ts";
import { speakerFor, tellFound, type WhyQuery } from "./answer-why.ts";
import { findSubject } from "./find-subject.ts";
import { readEvidence } from "./read-evidence.ts";

/** The same answer as text to paste into a ticket: ids stay; names, addresses and texts do not. */
export async function whyAsText(
  asked: Omit<WhyQuery, "discreet">,
  deps: Deps,
): Promise<{ readonly subject: string | null; readonly text: string }> {
  const query = { ...asked, discreet: true };
  const found = await findSubject(query.about, deps);
  if (found.kind !== "subject") return { subject: null, text: `${(await tellFound(found, query, deps)).answer}\n` };
  const evidence = await readEvidence(found.subject, found.elsewhere, deps);
  const speaker = await speakerFor([evidence], query, deps);
  const { table, id } = found.subject;
  return { subject: `${table}:${id}`, text: asText(tellWhy(evidence, query, speaker), speaker) };
}
