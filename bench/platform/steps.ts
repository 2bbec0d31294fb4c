import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "../../local/clock/virtual-clock.ts";
import { openScheduler } from "../../local/durable/scheduler.ts";
import type { Worker } from "../../local/durable/worker.ts";
import { installCoreModule } from "../../local/host/core-module.ts";
import { runWork } from "../../local/host/durable-work.ts";
import { FunctionApp } from "../../local/host/function-app.ts";
import { Histories } from "../../local/host/histories.ts";
import { Invoker } from "../../local/host/invoker.ts";
import { loadApp } from "../../local/host/load-app.ts";
import { type Line, median, shown } from "../bench.ts";
import { secondsFor, type Target } from "./durable-load.ts";
import { historyAfter } from "./step-history.ts";

const INSTANCES = 200;
const ROUNDS = 3;
const SHORT = 10;
const LONG = 50;
const GOAL = 1.3;

/** Seconds that one step costs in orchestrations of 10 and of 50 steps. */
type Costs = readonly [short: number, long: number];

/** What a step costs, and how that grows: in the whole stack, in the scheduler alone, in the library alone. */
export async function costOfSteps(whole: Target): Promise<Line[]> {
  const stack = await inAlternation((steps) => secondsFor(whole, "steps", INSTANCES, { n: steps }));
  const scheduler = await withScheduler((target) =>
    inAlternation((steps) => secondsFor(target, "steps", INSTANCES, { n: steps })),
  );
  const library = await libraryAlone();
  return [
    line("cost of a step, whole stack", stack, true),
    line("  the scheduler's share of it, with its API and file", scheduler, true),
    line("  durable-functions given the whole history as text, as the real host does", library, false),
  ];
}

function line(what: string, [short, long]: Costs, isGoal: boolean): Line {
  const ratio = long / short;
  const text = `≤ ${GOAL}×`;
  return {
    what,
    measured: `${shown(long)} of ${LONG} steps`,
    peer: `${shown(short)} of ${SHORT} steps`,
    ratio,
    ...(isGoal && { goal: { text, met: ratio <= GOAL } }),
  };
}

async function inAlternation(run: (steps: number) => Promise<number>): Promise<Costs> {
  await run(SHORT);
  const times: Record<number, number[]> = { [SHORT]: [], [LONG]: [] };
  for (let round = 0; round < ROUNDS; round++)
    for (const steps of [SHORT, LONG]) times[steps]?.push((await run(steps)) / INSTANCES / steps);
  return [median(times[SHORT] ?? []), median(times[LONG] ?? [])];
}

/** A scheduler of its own, whose worker answers at once what the library would: only the scheduler works. */
async function withScheduler<T>(run: (target: Target) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const clock = new VirtualClock();
  const scheduler = openScheduler({ file: join(folder, "hub"), clock, busy: clock, hubName: "bench" });
  scheduler.attach(instantWorker());
  const server = createServer((request, response) => {
    void scheduler.handle(request, response, "/runtime/webhooks/durabletask");
  }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  try {
    return await run({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: "" });
  } finally {
    server.close();
    await scheduler.close();
    clock.close();
    rmSync(folder, { recursive: true });
  }
}

function instantWorker(): Worker {
  const done = new Map<string, number>();
  const steps = new Map<string, number>();
  return {
    id: "instant",
    functions: new Set(["steps", "echo"]),
    kinds: new Map([
      ["steps", "orchestrator"],
      ["echo", "activity"],
    ]),
    runOrchestrator: async (_name, id, input) => {
      const before = done.get(id) ?? 0;
      if (before === 0) steps.set(id, (JSON.parse(input) as { input: { n: number } }).input.n);
      done.set(id, before + 1);
      return { kind: "returned", value: answerAfter(before, steps.get(id) ?? 0) };
    },
    runActivity: async (_name, _id, input) => ({ kind: "returned", value: input }),
    runEntity: async () => ({ kind: "threw", message: "there is none" }),
  };
}

function answerAfter(done: number, steps: number): string {
  const actions = Array.from(
    { length: Math.min(done + 1, steps) },
    (_, n) => `{"functionName":"echo","input":${n},"actionType":0}`,
  );
  const isDone = done >= steps;
  return `{"isDone":${isDone},"actions":[[${actions.join(",")}]],${isDone ? '"output":"ok",' : ""}"schemaVersion":2}`;
}

/** The library by itself: every episode of an orchestration, its trigger's text given as the real host gives it. */
async function libraryAlone(): Promise<Costs> {
  const app = new FunctionApp();
  installCoreModule(app, () => undefined);
  await loadApp(join(import.meta.dirname, "app"), app);
  const none = (): void => undefined;
  const invoker = new Invoker({
    app,
    clientBinding: "{}",
    timeoutMs: Infinity,
    log: none,
    write: async () => {},
    onTimeout: none,
  });
  const histories = new Histories();
  const episodes = async (steps: number): Promise<number> => {
    const began = performance.now();
    for (let run = 0; run < INSTANCES / 10; run++)
      for (let done = 0; done <= steps; done++) {
        const input = historyAfter(done, steps);
        await runWork(app, invoker, { kind: "orchestrator", name: "steps", instanceId: "bench", input }, histories);
      }
    return ((performance.now() - began) / 1000) * 10;
  };
  return inAlternation(episodes);
}
