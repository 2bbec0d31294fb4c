import type { TableInfo } from "../../domain/metadata.ts";
import { watchedFields } from "../../domain/why/change-words.ts";
import type { Evidence } from "../../domain/why/evidence.ts";
import type { Glossary } from "../../domain/why/speaker.ts";
import type { Deps } from "../deps.ts";
import { attempt } from "./attempt.ts";
import { readNamedRows } from "./row-names.ts";

type Needs = Pick<Deps, "dataverse" | "journeys" | "metadata" | "triggers">;

const MOST_NAMES = 50;

/** Names of all that an answer tells of. What can't be asked now is called by its logical name. */
export async function readGlossary(all: readonly Evidence[], deps: Needs): Promise<Glossary> {
  const changes = all.flatMap((evidence) => evidence.changes);
  const entries = all.flatMap((evidence) => evidence.entries);
  const members = [...new Set(entries.flatMap(({ member }) => member ?? []))].slice(0, MOST_NAMES);
  const users = [...new Set(changes.flatMap(({ body }) => body?.by ?? []))].slice(0, MOST_NAMES);
  const own = [...all.map(({ subject }) => subject.table), ...changes.flatMap(({ body }) => body?.table ?? [])];
  const records = [...new Set(entries.flatMap(({ record }) => record ?? []))].slice(0, MOST_NAMES);
  const [tables, names, people, rows, triggers, journeys] = await Promise.all([
    readTables([...own, ...members.map((member) => member.split(":")[0] ?? "")], all, deps),
    readNames("systemuser", users, deps),
    readPeople(members, deps),
    readRows(records, deps),
    deps.triggers.list(),
    deps.journeys.list(),
  ]);
  const named = (list: typeof triggers) => Object.fromEntries(list.map(({ slug, name }) => [slug, name]));
  return { tables, users: names, people, rows, triggers: named(triggers), journeys: named(journeys) };
}

/** Labels of the tables, and of those that a filter reads one lookup away. */
async function readTables(
  names: readonly string[],
  all: readonly Evidence[],
  { metadata }: Needs,
): Promise<Readonly<Record<string, TableInfo>>> {
  const read = async (wanted: Iterable<string>): Promise<TableInfo[]> => {
    const found = await Promise.all([...new Set(wanted)].map((name) => attempt(() => metadata.table(name))));
    return found.filter((table) => table !== undefined);
  };
  const tables = await read(names);
  const lookups = all.flatMap(watchedFields).flatMap((field) => (field.scope === "related" ? [field.lookup] : []));
  const targets = tables.flatMap(({ columns }) =>
    columns.flatMap(({ column, targets: to }) => (lookups.includes(column) ? to.slice(0, 1) : [])),
  );
  return Object.fromEntries([...tables, ...(await read(targets))].map((table) => [table.table, table]));
}

async function readPeople(members: readonly string[], deps: Needs): Promise<Readonly<Record<string, string>>> {
  const read = await Promise.all(
    ["contact", "lead"].map(async (table) => {
      const ids = members.flatMap((member) => (member.startsWith(`${table}:`) ? [member.slice(table.length + 1)] : []));
      return Object.entries(await readNames(table, ids, deps)).map(([id, name]) => [`${table}:${id}`, name] as const);
    }),
  );
  return Object.fromEntries(read.flat());
}

/** Cases and orders by their number and name: for each table one query. */
async function readRows(records: readonly string[], deps: Needs): Promise<Readonly<Record<string, string>>> {
  const tables = [...new Set(records.map((record) => record.split(":")[0] ?? ""))];
  const read = tables.map(async (table): Promise<[string, string][]> => {
    const ids = records.flatMap((record) => (record.startsWith(`${table}:`) ? [record.slice(table.length + 1)] : []));
    const named = await attempt(() => readNamedRows(table, ids, deps));
    return [...(named ?? [])].flatMap(([id, name]) => (name === null ? [] : [[`${table}:${id}`, name]]));
  });
  return Object.fromEntries((await Promise.all(read)).flat());
}

async function readNames(
  table: string,
  ids: readonly string[],
  { dataverse }: Needs,
): Promise<Readonly<Record<string, string>>> {
  if (ids.length === 0) return {};
  const rows = (await attempt(() => dataverse.readMany(table, ids, ["fullname"]))) ?? new Map();
  return Object.fromEntries(
    [...rows].flatMap(([id, { fullname }]) =>
      typeof fullname === "string" && fullname !== "" ? [[id, fullname]] : [],
    ),
  );
}
