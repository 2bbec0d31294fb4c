import { tablesAsked } from "../domain/check-condition.ts";
import { peopleOf } from "../domain/check-trigger.ts";
import { type TriggerWords, triggerWords } from "../domain/condition-words.ts";
import type { RecordTrigger } from "../domain/trigger.ts";
import { speakerOf } from "../domain/why/speaker.ts";
import type { PageLanguage } from "../domain/words.ts";
import type { Deps } from "./deps.ts";
import { tablesNamed } from "./tables-named.ts";

/** What a trigger fires on, in words: with the labels of tables, columns and options, and the names of users. */
export async function tellTrigger(
  trigger: RecordTrigger,
  asked: { readonly language: PageLanguage; readonly timeZone: string },
  { dataverse, metadata }: Pick<Deps, "dataverse" | "metadata">,
): Promise<TriggerWords> {
  const own = await metadata.table(trigger.table);
  const more = trigger.condition === undefined ? [] : tablesAsked(trigger.condition, own, peopleOf(trigger));
  const tables = await tablesNamed([trigger.table, ...more], metadata, false);
  const ids = [...(trigger.by ?? []), ...(trigger.ignore?.users ?? [])].map((id) => id.toLowerCase());
  const rows = ids.length === 0 ? new Map() : await dataverse.readMany("systemuser", ids, ["fullname"]);
  const users = Object.fromEntries([...rows].map(([id, { fullname }]) => [id, String(fullname ?? id)]));
  const glossary = { tables: Object.fromEntries(tables), users, triggers: {}, journeys: {}, people: {}, rows: {} };
  return triggerWords(trigger, speakerOf({ ...asked, discreet: false, glossary }));
}
