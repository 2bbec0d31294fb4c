import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "../../local/clock/virtual-clock.ts";
import { openScheduler } from "../../local/durable/scheduler.ts";
import { triggerText } from "../../local/durable/trigger.ts";
import type { TriggerParts, Worker } from "../../local/durable/worker.ts";
import { installCoreModule } from "../../local/host/core-module.ts";
import { runWork, type WorkItem } from "../../local/host/durable-work.ts";
import { FunctionApp } from "../../local/host/function-app.ts";
import { Histories } from "../../local/host/histories.ts";
import { Invoker } from "../../local/host/invoker.ts";
import { loadApp } from "../../local/host/load-app.ts";
import { ToldHistories } from "../../local/platform/told-histories.ts";
import { type Line, median, shown } from "../bench.ts";
import { secondsFor, type Target } from "./durable-load.ts";
import { type Part, watchShares } from "./processes.ts";
import { partsAfter } from "./step-history.ts";

/** At once, whatever their length. */
const INSTANCES = 200;
const STEPS_IN_ALL = 10_000;
/** Of a measurement of each length, one right after the other: what else the machine does then falls on both. */
const PAIRS = 7;
/** What is done often is compiled first, and that of the one length is not yet that of the other. */
const WARM_UPS = 2;
const SHORT = 10;
const LONG = 50;
const GOAL = 1.3;

/** Seconds that one step costs, in each pair. */
type Costs = readonly { readonly short: number; readonly long: number }[];

/** What a step costs, and how that grows: in the whole stack, in the scheduler alone, in the library alone. */
export async function costOfSteps(whole: Part<Target>): Promise<Line[]> {
  const stack = await inPairs(async (steps) => {
    const shares = await watchShares(whole);
    await allSteps(whole.ready, steps);
    const { seconds, part, app } = await shares();
    return { wall: seconds, processor: (part + (app ?? Number.NaN)) * seconds * cpus().length };
  });
  const scheduler = await withScheduler((target) =>
    inPairs(async (steps) => ({ wall: await timed(() => allSteps(target, steps)) })),
  );
  const library = await libraryAlone();
  return [
    line("cost of a step, whole stack", costs(stack, "wall"), true),
    line("  the same in processor time of platform and app", costs(stack, "processor"), true),
    line("  the scheduler's share of it, with its API and file", costs(scheduler, "wall"), true),
    line("  durable-functions given the parsed events again, as our host does", costs(library, "again"), false),
    line("  durable-functions given the whole history as text, as the real host does", costs(library, "text"), false),
  ];
}

function line(what: string, pairs: Costs, isGoal: boolean): Line {
  const ratio = median(pairs.map(({ short, long }) => long / short));
  const text = `≤ ${GOAL}×`;
  return {
    what,
    measured: `${shown(median(pairs.map(({ long }) => long)))} of ${LONG} steps`,
    peer: `${shown(median(pairs.map(({ short }) => short)))} of ${SHORT} steps`,
    ratio,
    ...(isGoal && { goal: { text, met: ratio <= GOAL } }),
  };
}

type Measured<Key extends string> = readonly {
  readonly short: Record<Key, number>;
  readonly long: Record<Key, number>;
}[];

async function inPairs<Key extends string>(
  measure: (steps: number) => Promise<Record<Key, number>>,
): Promise<Measured<Key>> {
  for (let n = 0; n < WARM_UPS; n++) {
    await measure(SHORT);
    await measure(LONG);
  }
  const pairs = [];
  for (let n = 0; n < PAIRS; n++) pairs.push({ short: await measure(SHORT), long: await measure(LONG) });
  return pairs;
}

function costs<Key extends string>(pairs: Measured<Key>, key: Key): Costs {
  return pairs.map(({ short, long }) => ({ short: short[key] / STEPS_IN_ALL, long: long[key] / STEPS_IN_ALL }));
}

/** As many steps, and as many instances at once, of whatever length. */
async function allSteps(target: Target, steps: number): Promise<void> {
  for (let left = STEPS_IN_ALL; left > 0; left -= INSTANCES * steps)
    await secondsFor(target, "steps", INSTANCES, { n: steps });
}

async function timed(run: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await run();
  return (performance.now() - began) / 1000;
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

/** The library by itself: every episode of an orchestration, given to it in our host's way and in the real host's. */
async function libraryAlone(): Promise<Measured<"again" | "text">> {
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
  const told = new ToldHistories();
  const item = { kind: "orchestrator", name: "steps", instanceId: "bench", input: undefined } as const;
  let history = 0;
  const again = (parts: TriggerParts): WorkItem => ({
    ...item,
    episode: told.episode(item.instanceId, { ...parts, history }),
  });
  const text = (parts: TriggerParts): WorkItem => ({ ...item, input: triggerText(parts) });
  const episodes = async (steps: number, given: (parts: TriggerParts) => WorkItem): Promise<void> => {
    for (let left = STEPS_IN_ALL; left > 0; left -= steps) {
      history += 1;
      for (let done = 0; done <= steps; done++) {
        const outcome = await runWork(app, invoker, given(partsAfter(done, steps)), histories);
        if (outcome.kind !== "returned") throw new Error(`step ${done} of ${steps}: ${outcome.kind}`);
      }
    }
  };
  return inPairs(async (steps) => ({
    again: await timed(() => episodes(steps, again)),
    text: await timed(() => episodes(steps, text)),
  }));
}
