import type { TableLine } from "../domain/metadata.ts";
import type { PageLanguage } from "../domain/words.ts";
import type { Deps } from "./deps.ts";

/** Where a table stands in the list, most likely ones first. */
export const TABLE_GROUPS = ["used", "standard", "custom", "other", "system"] as const;
export type TableGroup = (typeof TABLE_GROUPS)[number];

export interface TableOffer {
  readonly table: string;
  readonly label: string;
  readonly custom: boolean;
  readonly group: TableGroup;
}

export interface TableQuery {
  readonly language: PageLanguage;
  readonly search: string;
  readonly system: boolean;
  readonly refresh: boolean;
}

/** What most journeys are about, in the order in which authors think of them. */
const STANDARD = ["incident", "salesorder", "lead", "opportunity", "contract", "contact", "account"];

/** The tables that a trigger may be about, found by label in both languages or by logical name. */
export async function listTables(
  query: TableQuery,
  deps: Pick<Deps, "metadata" | "triggers">,
): Promise<readonly TableOffer[]> {
  const [tables, used] = await Promise.all([deps.metadata.tables(query.refresh), usedTables(deps)]);
  const searched = folded(query.search);
  const offers = tables
    .filter((line) => query.system || !line.system)
    .filter((line) => [line.table, line.label.en, line.label.fr].some((text) => folded(text).includes(searched)))
    .map((line) => ({
      table: line.table,
      label: line.label[query.language],
      custom: line.custom,
      group: groupOf(line, used),
    }));
  const { compare } = new Intl.Collator(query.language);
  return offers.sort(
    (one, other) => rank(one) - rank(other) || compare(one.label, other.label) || compare(one.table, other.table),
  );
}

async function usedTables({ triggers }: Pick<Deps, "triggers">): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const { slug, published } of await triggers.list()) {
    const trigger = published === null ? undefined : await triggers.revision(slug, published);
    if (trigger?.kind === "record") found.add(trigger.table);
  }
  return found;
}

function groupOf(line: TableLine, used: ReadonlySet<string>): TableGroup {
  if (used.has(line.table)) return "used";
  if (line.system) return "system";
  if (STANDARD.includes(line.table)) return "standard";
  return line.custom ? "custom" : "other";
}

/** By group; the standard ones in their own order, the others side by side. */
function rank({ group, table }: TableOffer): number {
  const within = group === "standard" ? STANDARD.indexOf(table) / STANDARD.length : 0;
  return TABLE_GROUPS.indexOf(group) + within;
}

/** Without accents and case: authors type "demande" and "Société" as they please. */
function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
