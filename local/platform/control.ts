import { createServer, type IncomingMessage, type Server } from "node:http";
import { z } from "zod";
import type { VirtualClock } from "../clock/virtual-clock.ts";
import { NoApp } from "../host/load-app.ts";
import { durationMs } from "./duration.ts";
import type { Faults } from "./faults.ts";
import type { Supervisor } from "./supervisor.ts";

export interface ControlOptions {
  readonly clock: VirtualClock;
  readonly supervisor: Supervisor;
  readonly faults: Faults;
  /** Names the folder that instances started from now on load. */
  readonly deploy: (appDir: string) => void;
  /** Pages from here may call: the app's own, whose operators' page offers these controls. */
  readonly allowedOrigins: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const advance = z.union([z.strictObject({ advance: z.string() }), z.strictObject({ advanceMs: z.number().min(0) })]);
const wantedApp = z.strictObject({ instances: z.int().min(0).max(16).optional(), appDir: z.string().optional() });
const victim = z.strictObject({ pid: z.int().optional() });

/** Steers the sandbox: its clock, the app's instances, the faults of its parts. JSON in, JSON out. */
export function controlServer(options: ControlOptions): Server {
  return createServer(async (request, response) => {
    const { origin } = request.headers;
    const allowed = origin === undefined || options.allowedOrigins.includes(origin);
    if (origin !== undefined && allowed) {
      response.setHeader("access-control-allow-origin", origin);
      response.setHeader("access-control-allow-headers", "content-type");
    }
    const { status, body } = allowed
      ? await answer(request, options)
      : { status: 403, body: { error: `Pages of ${origin} may not steer this sandbox.` } };
    response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
  });
}

async function answer(request: IncomingMessage, options: ControlOptions): Promise<Answer> {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const route = `${request.method} ${pathname.replace(/\/$/, "")}`;
  try {
    const found = request.method === "OPTIONS" ? { status: 204, body: "" } : await answerRoute(route, request, options);
    return (
      found ?? {
        status: 404,
        body: { error: `There is no ${route.endsWith(" ") ? `${route}/` : route}.`, routes: ROUTES },
      }
    );
  } catch (error) {
    if (error instanceof z.ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
    if (error instanceof NoApp) return { status: 400, body: { error: error.message } };
    if (error instanceof SyntaxError) return { status: 400, body: { error: "The body is not JSON." } };
    return { status: 500, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

const ROUTES = [
  "GET /clock",
  'POST /clock {"advance":"P3D"}',
  "GET /app",
  'POST /app {"instances":2}',
  "POST /app/kill",
  "GET /faults",
  'POST /faults {"serviceBus":"down"}',
  "GET /busy",
];

async function answerRoute(
  route: string,
  request: IncomingMessage,
  options: ControlOptions,
): Promise<Answer | undefined> {
  const { clock, supervisor, faults } = options;
  switch (route) {
    case "GET /clock":
      return time(clock);
    case "POST /clock":
      return moveClock(await json(request), clock);
    case "GET /app":
      return { status: 200, body: { instances: supervisor.list() } };
    case "POST /app":
      return changeApp(wantedApp.parse(await json(request)), options);
    case "POST /app/kill": {
      const killed = await supervisor.kill(victim.parse(await json(request)).pid);
      if (killed === undefined) return { status: 409, body: { error: "No such instance is up." } };
      return { status: 200, body: { killed } };
    }
    case "GET /faults":
      return { status: 200, body: faults.current };
    case "POST /faults":
      await faults.set(await json(request));
      return { status: 200, body: faults.current };
    case "GET /busy":
      return { status: 200, body: clock.underWay() };
    default:
      return undefined;
  }
}

async function changeApp(wanted: z.infer<typeof wantedApp>, { supervisor, deploy }: ControlOptions): Promise<Answer> {
  if (wanted.appDir !== undefined) deploy(wanted.appDir);
  if (wanted.instances !== undefined) await supervisor.setInstances(wanted.instances);
  return { status: 200, body: { instances: supervisor.list() } };
}

async function moveClock(given: unknown, clock: VirtualClock): Promise<Answer> {
  const { success, data: wanted } = advance.safeParse(given);
  if (!success)
    return {
      status: 400,
      body: { error: 'It takes {"advance":"P3D"} or {"advanceMs":1000}: time goes forward only.' },
    };
  const ms = "advanceMs" in wanted ? wanted.advanceMs : durationMs(wanted.advance, clock.now());
  if (ms === undefined) {
    return { status: 400, body: { error: `${JSON.stringify(wanted)} is no ISO 8601 duration, such as P3D or PT90M.` } };
  }
  await clock.advance(ms);
  return time(clock);
}

function time(clock: VirtualClock): Answer {
  return { status: 200, body: { now: new Date(clock.now()).toISOString(), offsetMs: clock.offset } };
}

async function json(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text.trim() === "" ? {} : JSON.parse(text);
}
