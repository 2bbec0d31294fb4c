import type { PersonTable, TableInfo } from "../domain/metadata.ts";
import { masterIn, type People, type Target } from "../domain/reach.ts";
import type { AudienceWay } from "../domain/trigger.ts";
import { type Columns, type FieldValue, isReference } from "../domain/value.ts";
import type { FoundRow } from "../ports/dataverse.ts";
import type { Deps } from "./deps.ts";

/** Enough to see a habit in, few enough to be read in one query. */
const ROWS = 200;
const LONGEST_CHAIN = 5;

/** A table's latest rows, where each way leads from each, and the people there. */
export interface AudienceRows {
  readonly rows: readonly FoundRow[];
  readonly people: People;
  targetOf(row: FoundRow, way: AudienceWay): Target | undefined;
}

type Needs = Pick<Deps, "dataverse" | "settings">;

/** The latest rows of a table, and whom the ways reach from each: one query, and those of `followWays`. */
export async function readAudienceRows(
  table: TableInfo,
  ways: readonly AudienceWay[],
  deps: Needs,
): Promise<AudienceRows> {
  const columns = [...columnsOf(ways), ...(table.nameColumn === null ? [] : [table.nameColumn])];
  const rows = await deps.dataverse.recent(table.table, { columns, most: ROWS, by: "modifiedon" });
  return followWays(rows, ways, deps);
}

/** Columns of a row that its ways begin with. */
export function columnsOf(ways: readonly AudienceWay[]): readonly string[] {
  return [...new Set(ways.map(({ column }) => column))].filter((column) => column !== "self");
}

/** Where ways lead from rows: for each table on the way, and for each hundred rows of it, one query. */
export async function followWays(
  rows: readonly FoundRow[],
  ways: readonly AudienceWay[],
  deps: Needs,
): Promise<AudienceRows> {
  const between = await readBetween(rows, ways, deps);
  const targetOf = (row: FoundRow, way: AudienceWay): Target | undefined => {
    if (way.column === "self") return { table: way.table, id: row.id };
    const value = row.columns[way.column];
    if (way.through === undefined) return leading(value, way.table);
    const next = leading(value, way.through.table);
    return next && leading(between.get(next.table)?.get(next.id)?.[way.through.column], way.table);
  };
  const targets = rows.flatMap((row) => ways.flatMap((way) => targetOf(row, way) ?? []));
  return { rows, targetOf, people: await readPeople(targets, deps) };
}

function leading<T extends string>(value: FieldValue | undefined, table: T): { table: T; id: string } | undefined {
  return isReference(value) && value.table === table ? { table, id: value.id } : undefined;
}

/** Rows on the way: of each table those that any way passes, with every column that any way follows. */
async function readBetween(
  rows: readonly FoundRow[],
  ways: readonly AudienceWay[],
  { dataverse }: Needs,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Columns>>> {
  const wanted = new Map<string, { ids: Set<string>; columns: Set<string> }>();
  for (const way of ways) {
    if (way.through === undefined) continue;
    const of = wanted.get(way.through.table) ?? { ids: new Set(), columns: new Set() };
    of.columns.add(way.through.column);
    for (const row of rows) {
      const next = leading(row.columns[way.column], way.through.table);
      if (next !== undefined) of.ids.add(next.id);
    }
    wanted.set(way.through.table, of);
  }
  const read = [...wanted].map(async ([table, { ids, columns }]) => {
    const found = ids.size === 0 ? new Map() : await dataverse.readMany(table, [...ids], [...columns]);
    return [table, found] as const;
  });
  return new Map(await Promise.all(read));
}

async function readPeople(targets: readonly Target[], deps: Needs): Promise<People> {
  const { addressColumn } = deps.settings;
  const idsOf = (table: PersonTable) => targets.filter((target) => target.table === table).map(({ id }) => id);
  const read = (table: PersonTable, ids: readonly string[], columns: readonly string[]) =>
    ids.length === 0 ? new Map<string, Columns>() : deps.dataverse.readMany(table, ids, columns);
  const [account, lead] = await Promise.all([
    read("account", idsOf("account"), ["primarycontactid"]),
    read("lead", idsOf("lead"), ["statecode", "fullname", addressColumn]),
  ]);
  const primary = [...account.values()].flatMap(({ primarycontactid: to }) => (isReference(to) ? to.id : []));
  const contact = new Map<string, Columns>();
  let wanted = [...new Set([...idsOf("contact"), ...primary])];
  // Those whom merged ones became are read all at once, and whom those became, and so on.
  for (let hop = 0; wanted.length > 0 && hop < LONGEST_CHAIN; hop += 1) {
    const found = await read("contact", wanted, ["statecode", "fullname", "merged", "masterid", addressColumn]);
    for (const [id, row] of found) contact.set(id, row);
    wanted = [...new Set([...found.values()].flatMap((row) => masterIn(row) ?? []))].filter((id) => !contact.has(id));
  }
  return { account, contact, lead };
}

/** What a member is called; null where nobody was reached, or without a name. */
export function nameOf(member: string | null, people: People): string | null {
  if (member === null) return null;
  const [table, id = ""] = member.split(":");
  const name = (table === "lead" ? people.lead : people.contact).get(id)?.fullname;
  return typeof name === "string" && name !== "" ? name : null;
}
