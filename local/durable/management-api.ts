import type { IncomingMessage, ServerResponse } from "node:http";
import type { Engine } from "./engine.ts";
import { entityRoute } from "./entity-api.ts";
import { type Answered, type Asked, flag, isJson, readRequest, write } from "./http.ts";
import { listInstances, purgeInstances, shownInstance } from "./instance-queries.ts";
import { alreadyExists, invalidJson, parsedJson, wrong } from "./problems.ts";
import { encoded, type Hub, requiredQuery, startedUris, webhookBase } from "./uris.ts";
import { waited } from "./wait-for-end.ts";

export interface Api {
  readonly engine: Engine;
  readonly hub: Hub;
}

const NOT_FOUND: Answered = { status: 404 };
const ACCEPTED: Answered = { status: 202 };
const GONE: Answered = { status: 410 };

/** Answers a request of the durable management API below `basePath`; false if it is none. */
export async function handle(
  api: Api,
  request: IncomingMessage,
  response: ServerResponse,
  basePath: string,
): Promise<boolean> {
  const asked = readRequest(request, basePath);
  if (!asked) return false;
  write(response, await answer(api, asked));
  return true;
}

async function answer(api: Api, asked: Asked): Promise<Answered> {
  const [first = "", ...rest] = asked.path;
  const area = first.toLowerCase();
  if (rest.includes("")) return NOT_FOUND;
  try {
    if (area === "orchestrators" && asked.method === "POST") return await startRoute(api, asked, rest);
    if (area === "instances") return await instancesRoute(api, asked, rest);
    if (area === "entities") return await entityRoute(api.engine, asked, rest);
    return NOT_FOUND;
  } catch (fault) {
    const message = fault instanceof Error ? fault.message : String(fault);
    return wrong(500, "Something went wrong while processing your request", message, "System.Exception");
  }
}

async function startRoute({ engine, hub }: Api, asked: Asked, [name, id, ...more]: string[]): Promise<Answered> {
  if (!name || more.length > 0) return NOT_FOUND;
  const text = await asked.text();
  const input = parsedJson(text);
  if (text !== "" && !input.ok) return invalidJson(text);
  const version = asked.query("version");
  const started = await engine.start({
    name,
    ...(id && { id }),
    ...(version !== undefined && { version }),
    // The host keeps the text as it came, blanks and all.
    input: input.ok ? text : null,
  });
  if ("status" in started) return { status: 409, body: { Message: alreadyExists(started.status) } };
  return await waited(engine, asked, started.id, accepted(asked, started.id, hub));
}

function accepted(asked: Asked, id: string, hub: Hub): Answered {
  const base = webhookBase(asked.origin);
  const location = `${base}/instances/${encoded(id)}?${requiredQuery(hub)}`;
  return { status: 202, headers: { Location: location, "Retry-After": "10" }, body: startedUris(base, id, hub) };
}

async function instancesRoute(api: Api, asked: Asked, [id, operation, name, ...more]: string[]): Promise<Answered> {
  const { engine } = api;
  const { method } = asked;
  if (!id) {
    if (method === "GET") return listInstances(engine, asked);
    return method === "DELETE" ? purgeInstances(engine, asked) : NOT_FOUND;
  }
  if (more.length > 0) return NOT_FOUND;
  if (operation === undefined && method === "GET") return getStatus(engine, asked, id);
  if (operation === undefined && method === "DELETE") return await purge(engine, id);
  if (method !== "POST") return NOT_FOUND;
  const reason = asked.query("reason") ?? null;
  switch (operation?.toLowerCase()) {
    case "raiseevent":
      return name ? await raise(engine, asked, id, name) : NOT_FOUND;
    case "terminate":
      return told(await engine.terminate(id, reason));
    case "suspend":
    case "resume":
      return await switchState(engine, id, operation.toLowerCase() === "suspend", reason);
    case "rewind":
      return await rewind(engine, id, reason);
    case "restart":
      return await restart(api, asked, id);
    default:
      return NOT_FOUND;
  }
}

function getStatus(engine: Engine, asked: Asked, id: string): Answered {
  const row = engine.find(id);
  if (!row) return NOT_FOUND;
  const body = shownInstance(engine, asked, row);
  if (engine.ended(row)) {
    const failed = row.status === "Failed" && flag(asked, "returnInternalServerErrorOnFailure", false);
    return { status: failed ? 500 : 200, body };
  }
  return { status: 202, headers: { Location: asked.url, "Retry-After": "5" }, body };
}

async function raise(engine: Engine, asked: Asked, id: string, name: string): Promise<Answered> {
  const row = engine.find(id);
  if (!row) return NOT_FOUND;
  if (engine.ended(row)) return GONE;
  if (!isJson(asked)) return { status: 400, body: { Message: "Only application/json request content is supported" } };
  const text = await asked.text();
  const data = parsedJson(text);
  if (!data.ok) return invalidJson(text);
  return told(await engine.raise(id, name, JSON.stringify(data.value)));
}

async function switchState(engine: Engine, id: string, suspend: boolean, reason: string | null): Promise<Answered> {
  const row = engine.find(id);
  if (row && (row.status === "Suspended") === suspend && !engine.ended(row)) {
    const what = suspend ? "suspend" : "resume";
    const why = `Cannot ${what} the orchestration instance ${id} because instance is in the ${row.status} state.`;
    return wrong(500, "Something went wrong while processing your request", why, "System.InvalidOperationException");
  }
  return told(await (suspend ? engine.suspend(id, reason) : engine.resume(id, reason)));
}

async function rewind(engine: Engine, id: string, reason: string | null): Promise<Answered> {
  const row = engine.find(id);
  if (!row) return { status: 404, body: `No orchestration with instance ID "$${id}" found.` };
  if (row.status !== "Failed") {
    const body = `This orchestration has status ${row.status}, but only orchestrations in the "Failed" state can be rewound.`;
    return { status: 412, body };
  }
  await engine.rewind(id, reason);
  return ACCEPTED;
}

async function restart({ engine, hub }: Api, asked: Asked, id: string): Promise<Answered> {
  const invalid = "InstanceId does not match a valid orchestration instance.";
  const row = engine.find(id);
  if (!row)
    return wrong(
      400,
      invalid,
      `No instance with ID '${id}' was found. (Parameter 'instanceId')`,
      "System.ArgumentException",
    );
  const anew = flag(asked, "restartWithNewInstanceId", true);
  const { name, version } = row;
  const input = row.input === null ? null : JSON.stringify(JSON.parse(row.input));
  const started = await engine.start({ name, input, restart: true, ...(version && { version }), ...(!anew && { id }) });
  if ("status" in started) {
    const what = "A non-terminal instance with this instance ID already exists.";
    const type = "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException";
    return wrong(409, what, alreadyExists(started.status), type);
  }
  return await waited(engine, asked, started.id, accepted(asked, started.id, hub));
}

async function purge(engine: Engine, id: string): Promise<Answered> {
  const row = engine.find(id);
  // An entity is always Running, so it is not asked whether it has ended.
  const isEntity = id.startsWith("@");
  if (!row) return isEntity ? { status: 200, body: { instancesDeleted: 0 } } : NOT_FOUND;
  if (!engine.ended(row) && !isEntity) {
    const body = `Only orchestrations in a terminal state can be purged, but the orchestration with instance ID ${id} has status ${row.status}`;
    return { status: 412, body };
  }
  await engine.purge([row]);
  return { status: 200, body: { instancesDeleted: 1 } };
}

function told(outcome: "accepted" | "missing" | "ended"): Answered {
  return { accepted: ACCEPTED, missing: NOT_FOUND, ended: GONE }[outcome];
}
