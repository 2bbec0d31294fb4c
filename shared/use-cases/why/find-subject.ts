import { PERSON_TABLES } from "../../domain/metadata.ts";
import { type About, readAbout } from "../../domain/why/about.ts";
import type { Subject } from "../../domain/why/evidence.ts";
import { weeksKept } from "../../stores/weeks.ts";
import type { Deps } from "../deps.ts";
import { attempt } from "./attempt.ts";
import { nameIn, namesOf, numbersOf, readNamedRows } from "./row-names.ts";

type Needs = Pick<Deps, "catalogue" | "clock" | "dataverse" | "decisions" | "metadata" | "settings">;

/** Whom or what is asked about; a list where it may be several, "nobody" where it is none. */
export type FoundSubject =
  | { readonly kind: "subject"; readonly subject: Subject; readonly elsewhere: Elsewhere | null }
  | { readonly kind: "choices"; readonly choices: readonly Subject[] }
  | { readonly kind: "nobody"; readonly reason: "no-match" | "no-row" | "empty" | "unavailable" };

export interface Elsewhere {
  readonly asked: string;
  readonly connected: string;
}

/** Tables that are searched: those of published triggers, and those of people. More are not looked through. */
const MOST_TABLES = 12;
const MOST_CHOICES = 20;
const MOST_A_TABLE = 10;

export async function findSubject(given: string, deps: Needs): Promise<FoundSubject> {
  const about = readAbout(given);
  switch (about?.kind) {
    case undefined:
      return { kind: "nobody", reason: "empty" };
    case "no-row":
      return { kind: "nobody", reason: "no-row" };
    case "row":
      return { kind: "subject", subject: await named(about, deps), elsewhere: elsewhere(about.host, deps) };
    case "id":
      return byId(about.id, deps);
    case "address":
    case "text":
      return byText(about, deps);
  }
}

/** Tables that may be asked about, as the organisation describes them. */
export async function askedTables(deps: Pick<Deps, "catalogue">): Promise<readonly string[]> {
  const { records, custom } = await deps.catalogue.current();
  const others = [...custom.values()].flatMap(({ table }) => table ?? []);
  return [...new Set([...records.keys(), ...others, ...PERSON_TABLES])].slice(0, MOST_TABLES);
}

export function kindOf(table: string): Subject["kind"] {
  return table === "contact" || table === "lead" ? "person" : "record";
}

async function named({ table, id }: { readonly table: string; readonly id: string }, deps: Needs): Promise<Subject> {
  const unnamed: Subject = { kind: kindOf(table), table, id, name: null };
  if (!(await askedTables(deps)).includes(table)) return unnamed;
  return (await attempt(() => readNamed(table, id, deps))) ?? unnamed;
}

async function readNamed(table: string, id: string, deps: Needs): Promise<Subject | undefined> {
  const named = await readNamedRows(table, [id], deps);
  const name = named.get(id);
  return name === undefined ? undefined : { kind: kindOf(table), table, id, name };
}

async function byId(id: string, deps: Needs): Promise<FoundSubject> {
  const tables = await askedTables(deps);
  const read = await Promise.all(tables.map((table) => attempt(() => readNamed(table, id, deps))));
  const [row] = read.filter((it) => it !== undefined);
  if (row !== undefined) return { kind: "subject", subject: row, elsewhere: null };
  // A row that is gone may have left its reasons.
  const weeks = weeksKept(deps.settings.keptDays);
  for (const table of tables) {
    const { decisions } = await deps.decisions.newest(`${table}:${id}`, deps.clock.now(), weeks);
    if (decisions.length > 0)
      return { kind: "subject", subject: { kind: kindOf(table), table, id, name: null }, elsewhere: null };
  }
  return { kind: "nobody", reason: "no-match" };
}

async function byText(about: Extract<About, { kind: "address" | "text" }>, deps: Needs): Promise<FoundSubject> {
  const tables = about.kind === "address" ? PERSON_TABLES : await askedTables(deps);
  const searched = await Promise.all(tables.map((table) => attempt(() => searchTable(table, about, deps))));
  const found = searched.flatMap((rows) => rows ?? []);
  // Whoever types a number or an address means that row, not those whose title happens to contain it.
  const exact = found.filter((row) => row.exact);
  const choices = (exact.length > 0 ? exact : found).map(({ subject }) => subject).slice(0, MOST_CHOICES);
  const [first, second] = choices;
  if (first === undefined)
    return { kind: "nobody", reason: searched.every((rows) => rows === undefined) ? "unavailable" : "no-match" };
  return second === undefined ? { kind: "subject", subject: first, elsewhere: null } : { kind: "choices", choices };
}

async function searchTable(
  table: string,
  about: Extract<About, { kind: "address" | "text" }>,
  deps: Needs,
): Promise<readonly { readonly subject: Subject; readonly exact: boolean }[] | undefined> {
  const info = await deps.metadata.table(table);
  if (info === undefined) return undefined;
  const columns = namesOf(info);
  const numbers = about.kind === "address" ? [deps.settings.addressColumn] : numbersOf(info);
  const containing = about.kind === "address" || info.nameColumn === null ? [] : [info.nameColumn];
  if (numbers.length + containing.length === 0) return [];
  const text = about.kind === "address" ? about.address : about.text;
  const ask = { text, equal: numbers, containing, columns: [...new Set([...columns, ...numbers])], most: MOST_A_TABLE };
  const rows = await deps.dataverse.search(table, ask);
  const same = (value: unknown): boolean => typeof value === "string" && value.toLowerCase() === text.toLowerCase();
  return rows.map(({ id, columns: row }) => ({
    subject: { kind: kindOf(table), table, id, name: nameIn(row, columns) },
    exact: [...numbers, ...containing].some((column) => same(row[column])),
  }));
}

function elsewhere(host: string | null, { settings }: Pick<Deps, "settings">): Elsewhere | null {
  const connected = URL.canParse(settings.dataverseUrl) ? new URL(settings.dataverseUrl).host : "";
  return host === null || connected === "" || host === connected ? null : { asked: host, connected };
}
