import type { Engine } from "./engine.ts";
import { entityOf, schedulerId } from "./entity-messages.ts";
import { type Answered, type Asked, flag, isJson, whole } from "./http.ts";
import { createdBetween, fromToken, TOKEN, tokenOf } from "./instance-queries.ts";
import { parsedJson, unknownFunction, whyInvalid } from "./problems.ts";
import { asJson } from "./status.ts";

const DEFAULT_PAGE = 100;

/** `entities[/{name}[/{key}]]` of the management API. */
export async function entityRoute(engine: Engine, asked: Asked, [name, key, ...more]: string[]): Promise<Answered> {
  if (more.length > 0) return { status: 404 };
  if (asked.method === "GET") {
    // A dollar sign stands for the key that is empty.
    if (name && key) return readState(engine, name, key === "$" ? "" : key);
    return listEntities(engine, asked, name);
  }
  if (asked.method !== "POST" && asked.method !== "DELETE") return { status: 404 };
  if (!name) return refused("Value cannot be null. (Parameter 'entityName')");
  return await signal(engine, asked, name, key ?? "");
}

function readState(engine: Engine, name: string, key: string): Answered {
  const row = engine.find(schedulerId({ name, key }));
  const { exists, state = null } = row ? engine.entities.stateOf(row) : { exists: false };
  return exists ? { status: 200, body: asJson(state) } : { status: 404 };
}

/** An operation that nobody waits for; the method DELETE is the operation `delete`. */
async function signal(engine: Engine, asked: Asked, name: string, key: string): Promise<Answered> {
  const operation = asked.method === "DELETE" ? "delete" : (asked.query("op") ?? "");
  const text = await asked.text();
  const json = parsedJson(text);
  if (text !== "" && isJson(asked) && !json.ok) return refused(`Could not parse JSON content: ${whyInvalid(text)}`);
  const known = engine.known("entity").map((one) => one.toLowerCase());
  if (!known.includes(name.toLowerCase())) return refused(unknownFunction(name.toLowerCase(), "entity", known));
  // What does not say that it is JSON is a text, even where it looks like a number.
  const value = isJson(asked) && json.ok ? json.value : text;
  const input = text === "" ? undefined : JSON.stringify(value);
  engine.entities.signal(schedulerId({ name, key }), operation, input);
  await engine.committed();
  return { status: 202 };
}

function refused(Message: string): Answered {
  return { status: 400, body: { Message } };
}

/** Entities that exist, page by page in order of their ids. Those that do not exist fill a page too, but are left out. */
function listEntities(engine: Engine, asked: Asked, name: string | undefined): Answered {
  const fetchState = flag(asked, "fetchState", false);
  const top = Math.max(0, whole(asked, "top", DEFAULT_PAGE));
  const prefix = name ? `@${name.toLowerCase()}@` : "@";
  const from = fromToken(asked.header(TOKEN) ?? "");
  const { where, values } = createdBetween(asked, "lastOperationTimeFrom", "lastOperationTimeTo");
  const rows = engine.query({ from, prefix, where, values, limit: top + 1 });
  const body = rows.slice(0, top).flatMap((row) => {
    const entityId = entityOf(row.id);
    const { exists, state = null } = engine.entities.stateOf(row);
    if (!entityId || !exists) return [];
    return [{ entityId, lastOperationTime: row.created, state: fetchState ? asJson(state) : null }];
  });
  return { status: 200, headers: { [TOKEN]: tokenOf(rows[top]) }, body };
}
