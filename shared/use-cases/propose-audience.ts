import { nearTables, type OfferedWay, offeredWays, wayName } from "../domain/audience.ts";
import type { ColumnInfo, TableInfo } from "../domain/metadata.ts";
import { REACHES, type Reach, type Reached, reachOf, reachOfFirst } from "../domain/reach.ts";
import type { AudienceWay } from "../domain/trigger.ts";
import type { PageLanguage } from "../domain/words.ts";
import type { FoundRow } from "../ports/dataverse.ts";
import { type AudienceRows, nameOf, readAudienceRows } from "./audience-rows.ts";
import type { Deps } from "./deps.ts";

/** How many of the latest rows end how; `merged` of them reach the person that another one became. */
export type Coverage = Readonly<Record<Reached | "merged", number>>;

export interface ProposedAudience {
  readonly table: string;
  /** The latest rows that were looked at. */
  readonly rows: number;
  /** The fallback to begin with, and how far it reaches. */
  readonly proposal: { readonly audience: readonly AudienceWay[]; readonly coverage: Coverage };
  /** Each way by itself. */
  readonly ways: readonly {
    readonly name: string;
    readonly way: AudienceWay;
    readonly label: string;
    readonly proposed: boolean;
    readonly coverage: Coverage;
  }[];
}

export interface CoveredRow {
  readonly id: string;
  readonly name: string | null;
  readonly outcome: Reached;
  readonly merged: boolean;
  readonly member: string | null;
  readonly person: string | null;
}

type Needs = Pick<Deps, "dataverse" | "metadata" | "settings">;

/** The ways from a table's rows to people, with what each would have reached of the latest rows. */
export async function proposeAudience(
  name: string,
  language: PageLanguage,
  deps: Needs,
): Promise<ProposedAudience | undefined> {
  const offered = await offer(name, deps);
  if (offered === undefined) return undefined;
  const { table, near, ways } = offered;
  const found = await readAudienceRows(
    table,
    ways.map(({ way }) => way),
    deps,
  );
  const labelled = await labeller(table, near, language, deps);
  return {
    table: name,
    rows: found.rows.length,
    proposal: {
      audience: ways.filter(({ proposed }) => proposed).map(({ way }) => way),
      coverage: counted(reachesBy("proposal", ways, found, deps).map(({ reach }) => reach)),
    },
    ways: ways.map(({ way, proposed }) => ({
      ...{ name: wayName(way), way, label: labelled(way), proposed },
      coverage: counted(reachesBy(wayName(way), ways, found, deps).map(({ reach }) => reach)),
    })),
  };
}

/** The latest rows with whom one way, or the whole `proposal`, reaches from each. */
export async function listCoverage(name: string, way: string, deps: Needs): Promise<readonly CoveredRow[] | undefined> {
  const offered = await offer(name, deps);
  if (offered === undefined) return undefined;
  const { table, ways } = offered;
  if (way !== "proposal" && !ways.some((one) => wayName(one.way) === way)) return undefined;
  const found = await readAudienceRows(
    table,
    ways.map(({ way }) => way),
    deps,
  );
  return reachesBy(way, ways, found, deps).map(({ row, reach }) => ({
    id: row.id,
    name: textOf(row.columns[table.nameColumn ?? ""]),
    ...reach,
    person: nameOf(reach.member, found.people),
  }));
}

/** The fallback to begin with, without asking for any row; empty where no way leads to people. */
export async function proposedWays(name: string, deps: Pick<Deps, "metadata">): Promise<readonly AudienceWay[]> {
  const offered = await offer(name, deps);
  return offered?.ways.filter(({ proposed }) => proposed).map(({ way }) => way) ?? [];
}

async function offer(name: string, { metadata }: Pick<Deps, "metadata">) {
  const table = await metadata.table(name);
  if (table === undefined) return undefined;
  const leading = new Set((await metadata.personLookups()).map((lookup) => lookup.table));
  const system = new Set((await metadata.tables()).filter((line) => line.system).map((line) => line.table));
  const detours = nearTables(table).filter((each) => leading.has(each) && !system.has(each));
  const near = new Map(await Promise.all(detours.map(async (each) => [each, await metadata.lookups(each)] as const)));
  return { table, near, ways: offeredWays(table, near) };
}

function reachesBy(
  name: string,
  ways: readonly OfferedWay[],
  { rows, people, targetOf }: AudienceRows,
  { settings }: Needs,
): readonly { row: FoundRow; reach: Reach }[] {
  const taken = ways.filter(({ way, proposed }) => (name === "proposal" ? proposed : wayName(way) === name));
  return rows.map((row) => {
    const targets = taken.map(({ way }) => targetOf(row, way));
    const [only] = targets;
    const reach =
      targets.length === 1
        ? reachOf(only, people, settings.addressColumn)
        : reachOfFirst(targets, people, settings.addressColumn);
    return { row, reach };
  });
}

function counted(reaches: readonly Reach[]): Coverage {
  const of = (outcome: Reached) => reaches.filter((reach) => reach.outcome === outcome).length;
  const merged = reaches.filter((reach) => reach.merged).length;
  const counts = Object.fromEntries(REACHES.map((outcome) => [outcome, of(outcome)])) as Record<Reached, number>;
  return { ...counts, merged };
}

/** `Client (Contact)`, `Client (Compte) › Contact principal`, `Commande › Client (Contact)`. */
async function labeller(
  table: TableInfo,
  near: ReadonlyMap<string, readonly ColumnInfo[]>,
  language: PageLanguage,
  { metadata }: Needs,
): Promise<(way: AudienceWay) => string> {
  const [tables, account] = await Promise.all([metadata.tables(), metadata.lookups("account")]);
  const tableLabel = (name: string) => tables.find((line) => line.table === name)?.label[language] ?? name;
  const columnLabel = (columns: readonly ColumnInfo[], name: string) =>
    columns.find(({ column }) => column === name)?.label[language] ?? name;
  return (way) => {
    const primary = way.table === "account" ? ` › ${columnLabel(account, "primarycontactid")}` : "";
    if (way.column === "self") return `${table.label[language]}${primary}`;
    const end = `(${tableLabel(way.table)})${primary}`;
    const own = columnLabel(table.columns, way.column);
    if (way.through === undefined) return `${own} ${end}`;
    return `${own} › ${columnLabel(near.get(way.through.table) ?? [], way.through.column)} ${end}`;
  };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
