import type { SQLInputValue } from "node:sqlite";
import type { Engine } from "./engine.ts";
import type { Answered, Asked } from "./http.ts";
import { stamp } from "./stamp.ts";
import { statusOf } from "./status.ts";
import type { InstanceRow } from "./store.ts";

const STATUSES = ["Pending", "Running", "Suspended", "Completed", "Failed", "Terminated"];
const DEFAULT_PAGE = 100;
const TOKEN = "x-ms-continuation-token";

/** A page of instances in order of their ids; the token is the id that the next page starts with. */
export function listInstances(engine: Engine, asked: Asked): Answered {
  const top = Math.max(0, Number(asked.query.get("top") ?? DEFAULT_PAGE) || 0);
  const from = fromToken(asked.header(TOKEN) ?? "");
  const rows = engine.query({
    from,
    prefix: asked.query.get("instanceIdPrefix") ?? "",
    ...filter(asked),
    limit: top + 1,
  });
  const next = rows[top];
  const input = asked.query.get("showInput")?.toLowerCase() !== "false";
  const shown = { input, history: false, historyOutput: false };
  return {
    status: 200,
    headers: { [TOKEN]: next ? `${Buffer.from(next.id).toString("base64")} ` : "" },
    body: rows.slice(0, top).map((row) => statusOf(row, shown)),
  };
}

/** Removes the ended instances that the filter takes. */
export async function purgeInstances(engine: Engine, asked: Asked): Promise<Answered> {
  if (!asked.query.get("createdTimeFrom"))
    return { status: 400, body: "Please provide value for 'createdTimeFrom' parameter." };
  const all = engine.query({ from: "", prefix: "", ...filter(asked), limit: -1 });
  const ended = all.filter((row: InstanceRow) => engine.ended(row));
  await engine.purge(ended);
  if (ended.length === 0) return { status: 404 };
  return { status: 200, body: { instancesDeleted: ended.length } };
}

function filter(asked: Asked): { where: string; values: SQLInputValue[] } {
  const values: SQLInputValue[] = [];
  let where = "";
  const instant = (name: string, sql: string): void => {
    const at = Date.parse(asked.query.get(name) ?? "");
    if (Number.isNaN(at)) return;
    where += sql;
    values.push(stamp(at).slice(0, -1));
  };
  // Without the Z, trimmed fractions still compare as texts: "…:10" < "…:10.1" < "…:11".
  instant("createdTimeFrom", " AND rtrim(created, 'Z') >= ?");
  instant("createdTimeTo", " AND rtrim(created, 'Z') <= ?");
  // A status that does not exist is passed over, as on the host.
  const wanted = (asked.query.get("runtimeStatus") ?? "").split(",").map((status) => status.trim().toLowerCase());
  const statuses = STATUSES.filter((status) => wanted.includes(status.toLowerCase()));
  if (statuses.length > 0) {
    where += ` AND status IN (${statuses.map(() => "?").join(", ")})`;
    values.push(...statuses);
  }
  return { where, values };
}

function fromToken(token: string): string {
  return Buffer.from(token.trim(), "base64").toString("utf8");
}
