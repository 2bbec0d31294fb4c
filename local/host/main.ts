/**
 * The process of one app instance: a child of the platform, which may kill it at any moment. It loads the function app
 * named by its first message and asks for nothing but what comes over the process's channel and its sockets.
 */
import type { Outcome } from "../durable/worker.ts";
import { Channel } from "./channel.ts";
import type { Forgotten } from "./durable-work.ts";
import { Instance } from "./instance.ts";
import { asError, type FunctionTimeout } from "./invoker.ts";
import { NoApp } from "./load-app.ts";
import type { FromInstance, Start, ToInstance } from "./messages.ts";

/** Where code that runs here finds the platform's clock: a number of milliseconds to add to the system's time. */
const CLOCK_OFFSET = Symbol.for("local.clock.offset");
/** Faults that the app's own adapters may act out (a slow store, say), by name. */
const FAULTS = Symbol.for("local.faults");
const TIMED_OUT_EXIT_CODE = 70;
const STOP_GRACE_MS = 5000;

const shared = globalThis as unknown as Record<symbol, unknown>;
const channel = new Channel<FromInstance>((batch) => process.send?.(batch));
let instance: Instance | undefined;

process.on("message", (batch: ToInstance[]) => {
  for (const message of batch) void take(message);
});
// Without its platform an instance serves nobody.
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => void stop());
process.on("SIGINT", () => undefined);

async function take(message: ToInstance): Promise<void> {
  switch (message.kind) {
    case "start":
      return start(message);
    case "clock":
      shared[CLOCK_OFFSET] = message.offsetMs;
      return done(message.id, { kind: "returned", value: undefined });
    case "faults":
      shared[FAULTS] = message.faults;
      return done(message.id, { kind: "returned", value: undefined });
    case "ping":
      return done(message.id, { kind: "returned", value: undefined });
    case "work":
      return done(message.id, await started().work(message.item));
    case "timer":
      return done(message.id, await outcomeOf(started().timer(message.name, message.info, message.retry)));
    case "stop":
      return stop();
  }
}

async function start(message: Start): Promise<void> {
  shared[CLOCK_OFFSET] = message.offsetMs;
  shared[FAULTS] = message.faults;
  try {
    instance = await Instance.start({
      start: message,
      settings: process.env,
      log: (entry) => channel.post({ kind: "log", entry }),
      onTimeout: restart,
    });
    channel.post(instance.ready);
  } catch (error) {
    channel.post({
      kind: "failed",
      message: error instanceof NoApp ? error.message : (asError(error).stack ?? String(error)),
    });
    channel.flush();
    process.exitCode = 1;
    process.disconnect();
  }
}

function started(): Instance {
  if (instance === undefined) throw new Error("Work came before the app was loaded.");
  return instance;
}

function done(id: number, outcome: Outcome | Forgotten): void {
  channel.post({ kind: "done", id, outcome });
}

async function outcomeOf(run: Promise<void>): Promise<Outcome> {
  try {
    await run;
    return { kind: "returned", value: undefined };
  } catch (thrown) {
    const error = asError(thrown);
    return { kind: "threw", message: error.message, stack: error.stack ?? "", type: error.name };
  }
}

/** As the real host restarts its worker: a function that does not end can't be stopped otherwise. */
function restart(error: FunctionTimeout): void {
  const entry = { level: "error", category: "system", message: `${error.message} Restarting the instance.` } as const;
  channel.post({ kind: "log", entry });
  channel.post({ kind: "leaving" });
  channel.flush();
  // A moment for the answers that the limit itself gives, so that callers see a 500 and not a cut connection.
  setTimeout(() => process.exit(TIMED_OUT_EXIT_CODE), 100);
}

async function stop(): Promise<void> {
  channel.post({ kind: "leaving" });
  setTimeout(() => process.exit(0), STOP_GRACE_MS).unref();
  await instance?.stop();
  process.exit(0);
}
