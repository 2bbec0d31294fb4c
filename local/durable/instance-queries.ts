import type { SQLInputValue } from "node:sqlite";
import type { Engine } from "./engine.ts";
import { type Answered, type Asked, flag, instant, whole } from "./http.ts";
import { stamp } from "./stamp.ts";
import { STATUS_NAMES, statusOf } from "./status.ts";
import type { InstanceRow } from "./store.ts";

const TERMINAL: readonly string[] = ["Completed", "Terminated", "Canceled", "Failed"];
const DEFAULT_PAGE = 100;
export const TOKEN = "x-ms-continuation-token";

interface Condition {
  readonly where: string;
  readonly values: SQLInputValue[];
}

/** One instance, with what the parameters ask for. Of a Pending one (a rewound one has a history) the host shows none. */
export function shownInstance(engine: Engine, asked: Asked, row: InstanceRow): Record<string, unknown> {
  const history = flag(asked, "showHistory", false) && row.status !== "Pending";
  const historyOutput = flag(asked, "showHistoryOutput", false);
  const shown = { input: flag(asked, "showInput", true), history, historyOutput };
  return statusOf(row, shown, history ? engine.history(row) : []);
}

/** A page of instances in order of their ids; the token is the id that the next page starts with. */
export function listInstances(engine: Engine, asked: Asked): Answered {
  const top = Math.max(0, whole(asked, "top", DEFAULT_PAGE));
  const from = fromToken(asked.header(TOKEN) ?? "");
  const rows = engine.query({
    from,
    prefix: asked.query("instanceIdPrefix") ?? "",
    ...filter(asked, statusesOf(asked)),
    limit: top + 1,
  });
  const next = rows[top];
  const shown = { input: flag(asked, "showInput", true), history: false, historyOutput: false };
  return {
    status: 200,
    headers: { [TOKEN]: tokenOf(next) },
    body: rows.slice(0, top).map((row) => statusOf(row, shown)),
  };
}

/**
 * Removes the instances that the filter takes. Only states in which an instance has ended are filters; where none of
 * them is given, the host purges whatever was created in that time, running instances too.
 */
export async function purgeInstances(engine: Engine, asked: Asked): Promise<Answered> {
  if (instant(asked, "createdTimeFrom") === undefined)
    return { status: 400, body: "Please provide value for 'createdTimeFrom' parameter." };
  const statuses = statusesOf(asked).filter((status) => TERMINAL.includes(status));
  const rows = engine.query({ from: "", prefix: "", ...filter(asked, statuses), limit: -1 });
  await engine.purge(rows);
  if (rows.length === 0) return { status: 404 };
  return { status: 200, body: { instancesDeleted: rows.length } };
}

/** A status that does not exist is passed over, and so is one in another case. */
function statusesOf(asked: Asked): string[] {
  const wanted = (asked.query("runtimeStatus") ?? "").split(",").map((status) => status.trim());
  return wanted.flatMap((status) => {
    if (/^[+-]?\d+$/.test(status)) return STATUS_NAMES[Number(status)] ?? status;
    return STATUS_NAMES.find((known) => known === status) ?? [];
  });
}

function filter(asked: Asked, statuses: readonly string[]): Condition {
  const { where, values } = createdBetween(asked, "createdTimeFrom", "createdTimeTo");
  if (statuses.length === 0) return { where, values };
  return {
    where: `${where} AND status IN (${statuses.map(() => "?").join(", ")})`,
    values: [...values, ...statuses],
  };
}

/** The condition of two parameters, the ends of a time of creation (an entity's is that of its last operation). */
export function createdBetween(asked: Asked, from: string, to: string): Condition {
  const values: SQLInputValue[] = [];
  let where = "";
  const compare = (name: string, sql: string): void => {
    const at = instant(asked, name);
    if (at === undefined) return;
    where += sql;
    values.push(stamp(at).slice(0, -1));
  };
  // Without the Z, trimmed fractions still compare as texts: "…:10" < "…:10.1" < "…:11".
  compare(from, " AND rtrim(created, 'Z') >= ?");
  compare(to, " AND rtrim(created, 'Z') <= ?");
  return { where, values };
}

/** The token ends with a blank on the host; none where nothing is left. */
export function tokenOf(next: { readonly id: string } | undefined): string {
  return next ? `${Buffer.from(next.id).toString("base64")} ` : "";
}

export function fromToken(token: string): string {
  return Buffer.from(token.trim(), "base64").toString("utf8");
}
