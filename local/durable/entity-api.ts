import type { Engine } from "./engine.ts";
import { entityOf, schedulerId } from "./entity-messages.ts";
import type { Answered, Asked } from "./http.ts";
import { parsedJson } from "./problems.ts";
import { asJson } from "./status.ts";

const DEFAULT_PAGE = 100;

/** `entities[/{name}[/{key}]]` of the management API. */
export async function entityRoute(engine: Engine, asked: Asked, [name, key, ...more]: string[]): Promise<Answered> {
  if (more.length > 0) return { status: 404 };
  if (asked.method === "GET") return name && key ? readState(engine, name, key) : listEntities(engine, asked, name);
  if (asked.method === "POST" && name && key) return await signal(engine, asked, name, key);
  return { status: 404 };
}

function readState(engine: Engine, name: string, key: string): Answered {
  const row = engine.find(schedulerId({ name, key }));
  const { exists, state = null } = row ? engine.entities.stateOf(row) : { exists: false };
  return exists ? { status: 200, body: asJson(state) } : { status: 404 };
}

async function signal(engine: Engine, asked: Asked, name: string, key: string): Promise<Answered> {
  if (!engine.entities.functionOf(name)) {
    const known = engine.known("entity").map((one) => `'${one.toLowerCase()}'`);
    const Message = `The function '${name}' doesn't exist, is disabled, or is not an entity function. Additional info: The following are the known entity functions: ${known.join(", ")}.`;
    return { status: 400, body: { Message } };
  }
  const text = await asked.text();
  const json = parsedJson(text);
  const input = text === "" ? undefined : JSON.stringify(json.ok ? json.value : text);
  engine.entities.signal(schedulerId({ name, key }), asked.query.get("op") ?? "", input);
  await engine.committed();
  return { status: 202 };
}

function listEntities(engine: Engine, asked: Asked, name: string | undefined): Answered {
  const fetchState = asked.query.get("fetchState")?.toLowerCase() === "true";
  const limit = Number(asked.query.get("top") ?? DEFAULT_PAGE) || DEFAULT_PAGE;
  const prefix = name ? `@${name.toLowerCase()}@` : "@";
  const rows = engine.query({ from: "", prefix, where: "", values: [], limit });
  const body = rows.flatMap((row) => {
    const entityId = entityOf(row.id);
    const { exists, state = null } = engine.entities.stateOf(row);
    if (!entityId || !exists) return [];
    return [{ entityId, lastOperationTime: row.created, state: fetchState ? asJson(state) : null }];
  });
  return { status: 200, body };
}
