import { fileURLToPath } from "node:url";
import type { Outcome, Worker } from "../../../../local/durable/worker.ts";
import { Hub, type HubOptions } from "../app/hub.ts";
import { normalised, ranked } from "./normalise.ts";
import { type Given, type Http, type Invocation, invocations, type Recording } from "./recording.ts";

const SOURCES = new URL("../../../fixtures/durable-functions/src/", import.meta.url);
const file = (name: string): string => fileURLToPath(new URL(name, SOURCES));
/** The recorded app; the three recordings `wait_then_…` were made with another file of it. */
export const SCENARIOS = [file("scenarios.js"), file("hello.js")];
export const WAITS = [file("waits.js")];

/** Real time between two requests, within which the scheduler is still at work; what is longer is virtual. */
const LONGEST_PAUSE_MS = 200;
const EARLY_MS = 1000;
const ENDED: ReadonlySet<string> = new Set(["Completed", "Failed", "Terminated"]);

/** What host and worker said to each other, in a form in which two runs can be compared. */
export interface Said {
  readonly http: unknown[];
  /** For each instance, in order of appearance, the calls of its orchestrator. */
  readonly orchestrations: unknown[][];
  readonly activities: unknown[];
  readonly entities: unknown[];
}

interface Request {
  readonly at: number;
  readonly method: string;
  readonly url: string;
  /** The text that was sent. */
  readonly text: string;
  readonly recorded: Http | undefined;
}

/** Puts the recorded requests to our scheduler, in their order and roughly at their distance. */
export async function replay(
  recording: Recording,
  options: Partial<HubOptions> = {},
): Promise<{ ours: Said; theirs: Said }> {
  const seen: Invocation[] = [];
  const hub = await Hub.open({
    files: recording.http.length === 0 ? WAITS : SCENARIOS,
    wrap: (worker) => watched(worker, seen),
    ...options,
  });
  const ids = new Map<string, string>();
  const http: { ours: Http; theirs: Http }[] = [];
  try {
    let before = Number.NaN;
    for (const request of requestsOf(recording)) {
      await pause(hub, request.at - before);
      before = request.at;
      await letEnd(hub, request, ids);
      const ours = await send(hub, request, ids);
      if (request.recorded) http.push({ ours, theirs: request.recorded });
      learn(request.recorded?.answer.body, ours.answer.body, ids);
    }
    await hub.clock.quiet();
  } finally {
    await hub.close();
  }
  return {
    ours: said(
      http.map((one) => one.ours),
      seen,
    ),
    theirs: said(
      http.map((one) => one.theirs),
      invocations(recording),
    ),
  };
}

function requestsOf(recording: Recording): Request[] {
  const functions = invocations(recording).flatMap(({ t, input }) => {
    const { method, url, body } = (input.httpTrigger ?? {}) as { method?: string; url?: string; body?: Given };
    return method && url ? [{ at: Date.parse(t), method, url, text: body?.text ?? "", recorded: undefined }] : [];
  });
  // How often a two-second timer went round depends on how early the host fired it.
  if (recording.http.length === 0) return functions.filter(({ url }) => !url.includes("-timer"));
  return recording.http.filter(isComparable).map((recorded) => {
    const { method, url, body } = recorded.request;
    // What was really sent to a function stands with the function; the request keeps it parsed.
    const at = functions.findIndex((one) => one.url === url.replace(/\?$/, "") && one.method === method);
    const [invoked] = at === -1 ? [] : functions.splice(at, 1);
    return { at: Date.parse(recorded.t), method, url, text: invoked?.text ?? textOf(url, body), recorded };
  });
}

/** A missing or wrong key is the front door's business; and a status read within 50 ms of a change may be either. */
function isComparable({ t, request, answer }: Http, i: number, all: readonly Http[]): boolean {
  if (answer.status === 401) return false;
  const before = all[i - 1];
  const racing = before !== undefined && Date.parse(t) - Date.parse(before.t) < 50 && before.request.method === "POST";
  return !(racing && request.method === "GET" && answer.status === 202);
}

async function pause(hub: Hub, ms: number): Promise<void> {
  if (!(ms > 0)) return;
  await new Promise((wake) => setTimeout(wake, Math.min(ms, LONGEST_PAUSE_MS)));
  if (ms <= LONGEST_PAUSE_MS) return;
  await hub.clock.quiet();
  await hub.clock.advance(ms - LONGEST_PAUSE_MS);
}

/** The recorded host fired timers up to a second early: where it had ended, ours is given the time to end too. */
async function letEnd(hub: Hub, { recorded, url }: Request, ids: Map<string, string>): Promise<void> {
  const { runtimeStatus } = (recorded?.answer.body ?? {}) as { runtimeStatus?: string };
  const id = /instances\/([^/?]+)\?/.exec(mapped(url, ids))?.[1];
  if (!id || !ENDED.has(runtimeStatus ?? "")) return;
  for (let tries = 0; tries < 10; tries++) {
    await hub.clock.quiet();
    if (ENDED.has(String((await hub.status(id)).runtimeStatus))) return;
    await hub.clock.advance(EARLY_MS / 2);
  }
}

async function send(hub: Hub, { method, url, text, at }: Request, ids: Map<string, string>): Promise<Http> {
  const here = mapped(url, ids).replace(/^http:\/\/[^/]+/, hub.origin);
  const body = mapped(text, ids).replaceAll(/http:\/\/(localhost|127\.0\.0\.1):7071/g, hub.origin);
  const type = text === "plain text" ? "text/plain" : "application/json";
  const init = method === "GET" || method === "DELETE" ? {} : { body, headers: { "content-type": type } };
  const response = await fetch(here, { method, ...init });
  const answer = await response.text();
  return {
    t: new Date(at).toISOString(),
    request: { method, url, body },
    answer: {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: /json/.test(response.headers.get("content-type") ?? "") && answer !== "" ? JSON.parse(answer) : answer,
    },
  };
}

/** The recordings keep parsed bodies; which were no JSON, or none at all, is known by their place. */
function textOf(url: string, body: unknown): string {
  if (url.includes("/api/")) return body === null ? "" : JSON.stringify(body);
  if (body === null) return /raiseEvent|orchestrators/.test(url) ? "null" : "";
  return body === "" || body === "not json" || body === "plain text" ? String(body) : JSON.stringify(body);
}

function mapped(text: string, ids: Map<string, string>): string {
  let result = text;
  for (const [theirs, ours] of ids) result = result.replaceAll(theirs, ours);
  return result;
}

function learn(theirs: unknown, ours: unknown, ids: Map<string, string>): void {
  const idOf = (body: unknown) => {
    const { id, ok } = (body ?? {}) as { id?: string; ok?: unknown };
    return id ?? (typeof ok === "string" ? ok : undefined);
  };
  const [from, to] = [idOf(theirs), idOf(ours)];
  if (from && to && /^[0-9a-f]{32}$/.test(from)) ids.set(from, to);
}

const HEADERS = ["content-type", "location", "retry-after", "x-ms-continuation-token"];

function said(http: readonly Http[], calls: readonly Invocation[]): Said {
  const orchestrations = new Map<string, unknown[]>();
  const activities: string[] = [];
  const entities: unknown[] = [];
  for (const call of calls) {
    const trigger = call.input.orchestrationTrigger?.value as { instanceId: string; history: [] } | undefined;
    const result = normalised(resultOf(call));
    if (trigger) {
      if (trigger.instanceId.includes("-timer")) continue;
      const mine = orchestrations.get(trigger.instanceId) ?? [];
      orchestrations.set(trigger.instanceId, mine);
      const input = { ...(normalised(trigger) as object), history: ranked(trigger.history) };
      mine.push({ function: call.function, input, result });
    } else if ("entityTrigger" in call.input) {
      entities.push({ function: call.function, input: normalised(call.input.entityTrigger), result });
    } else if ("activityTrigger" in call.input) {
      const text = JSON.stringify({ function: call.function, input: normalised(call.input.activityTrigger), result });
      if (!text.includes("-timer")) activities.push(text);
    }
  }
  return {
    http: http.map(({ request, answer }) => ({
      request: normalised(`${request.method} ${request.url}`),
      status: answer.status,
      headers: normalised(
        Object.fromEntries(HEADERS.flatMap((name) => (answer.headers[name] ? [[name, answer.headers[name]]] : []))),
      ),
      body: normalised(answer.body),
    })),
    orchestrations: [...orchestrations.values()],
    activities: activities.sort().map((text) => JSON.parse(text) as unknown),
    entities,
  };
}

function resultOf({ returnValue, threw }: Invocation): unknown {
  // The recorder saw only Errors' messages.
  if (threw) return threw.message === undefined || threw.message === "just a string" ? {} : { threw: threw.message };
  const { text, value, int } = { ...returnValue } as NonNullable<Given> & { double?: number };
  if (typeof value === "string") return parsed(value)?.value ?? value;
  return value ?? text ?? int ?? (returnValue as { double?: number } | undefined)?.double ?? null;
}

/** Writes down what the worker is asked and answers, as the recordings have it. */
function watched(worker: Worker, seen: Invocation[]): Worker {
  const watch =
    <More extends unknown[]>(
      trigger: string,
      run: (name: string, instanceId: string, input: string, ...more: More) => Promise<Outcome>,
    ) =>
    async (name: string, instanceId: string, input: string | undefined, ...more: More): Promise<Outcome> => {
      const t = new Date().toISOString();
      const given = input === undefined ? null : parsed(input);
      const outcome = await run(name, instanceId, input as string, ...more);
      const result =
        outcome.kind === "threw"
          ? { threw: { message: outcome.message } }
          : { returnValue: outcome.value === undefined ? null : { value: JSON.parse(outcome.value) as unknown } };
      seen.push({ t, function: name, input: { [trigger]: given }, ...result });
      return outcome;
    };
  return {
    ...worker,
    runOrchestrator: watch("orchestrationTrigger", (...args) => worker.runOrchestrator(...args)),
    runActivity: watch("activityTrigger", (...args) => worker.runActivity(...args)),
    runEntity: watch("entityTrigger", (...args) => worker.runEntity(...args)),
  };
}

function parsed(text: string): Given {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null ? { type: "string", value } : { type: "string", text };
  } catch {
    return { type: "string", text };
  }
}
