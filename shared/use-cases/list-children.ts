import { isPersonTable } from "../domain/metadata.ts";
import type { PageLanguage } from "../domain/words.ts";
import type { Deps } from "./deps.ts";

/** Rows that can be counted of a row: which table they stand in, and by which lookup they lead there. */
export interface ChildOffer {
  readonly table: string;
  readonly label: string;
  readonly lookup: string;
  readonly custom: boolean;
}

/** What derives a lookup from another: whose rows they are is asked of the first one. */
const DERIVED = /^_|(createdby|modifiedby|createdonbehalfby|modifiedonbehalfby|owninguser|owningteam)$/;

/**
 * The tables whose rows lead to rows of this one, by label: what `has`, `has-no` and `count` can ask. Undefined where
 * the organisation has no such table. @throws DATAVERSE_UNAVAILABLE, DATAVERSE_REFUSED
 */
export async function listChildren(
  table: string,
  language: PageLanguage,
  { metadata }: Pick<Deps, "metadata">,
): Promise<readonly ChildOffer[] | undefined> {
  const lines = new Map((await metadata.tables()).map((line) => [line.table, line]));
  if (!lines.has(table)) return undefined;
  const { compare } = new Intl.Collator(language);
  const found = (await metadata.lookupsTo(table)).flatMap(({ table: child, column }): ChildOffer[] => {
    const line = lines.get(child);
    if (line === undefined || (line.system && !isPersonTable(child)) || DERIVED.test(column)) return [];
    return [{ table: child, label: line.label[language], lookup: column, custom: line.custom }];
  });
  return found.sort((one, other) => compare(one.label, other.label) || compare(one.lookup, other.lookup));
}
