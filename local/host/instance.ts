import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { installCoreModule } from "./core-module.ts";
import { runWork, type WorkItem } from "./durable-work.ts";
import { FunctionApp, type LogEntry, type RegisteredFunction } from "./function-app.ts";
import { Histories } from "./histories.ts";
import { type HostJson, readHostJson } from "./host-json.ts";
import { type HttpRoute, httpRoute } from "./http-routes.ts";
import { httpTriggers } from "./http-triggers.ts";
import { type FunctionTimeout, Invoker } from "./invoker.ts";
import type { Listener } from "./listener.ts";
import { loadApp } from "./load-app.ts";
import { logFilter } from "./log-filter.ts";
import type { Ready, Start, TimerFunction } from "./messages.ts";
import { type RetryContext, retryPolicy } from "./retry-policy.ts";
import { parseSchedule } from "./schedule.ts";
import { ServiceBusClients } from "./service-bus-clients.ts";
import { writeServiceBus } from "./service-bus-output.ts";
import { listenToServiceBus } from "./service-bus-triggers.ts";
import { resolveNames, type Settings } from "./settings.ts";
import { unsupported } from "./supported.ts";
import type { TimerInfo } from "./timer-info.ts";

const DURABLE = new Set(["orchestrationtrigger", "activitytrigger", "entitytrigger"]);

export interface InstanceOptions {
  readonly start: Start;
  readonly settings: Settings;
  readonly log: (entry: LogEntry) => void;
  readonly onTimeout: (error: FunctionTimeout) => void;
}

/** One running instance of a function app: loaded, listening, taking work. */
export class Instance {
  readonly ready: Ready;
  readonly #app: FunctionApp;
  readonly #invoker: Invoker;
  readonly #server: Server;
  readonly #listeners: readonly Listener[];
  readonly #clients: ServiceBusClients;
  readonly #histories = new Histories();

  private constructor(
    ready: Ready,
    parts: { app: FunctionApp; invoker: Invoker; server: Server; listeners: Listener[]; clients: ServiceBusClients },
  ) {
    this.ready = ready;
    this.#app = parts.app;
    this.#invoker = parts.invoker;
    this.#server = parts.server;
    this.#listeners = parts.listeners;
    this.#clients = parts.clients;
  }

  /** Loads the app and opens all it listens to. Throws where its code or its settings don't allow that. */
  static async start({ start, settings, log: write, onTimeout }: InstanceOptions): Promise<Instance> {
    const host = readHostJson(start.appDir);
    const passes = logFilter(host.logging.logLevel);
    const log = (entry: LogEntry): void => {
      if (passes(entry)) write(entry);
    };
    const app = new FunctionApp();
    installCoreModule(app, log);
    await loadApp(start.appDir, app);
    const capabilities = (await app.model?.getCapabilities?.({})) ?? {};

    const clients = new ServiceBusClients(settings);
    const invoker = new Invoker({
      app,
      clientBinding: start.clientBinding,
      timeoutMs: host.functionTimeout,
      log,
      write: (binding, value) => writeServiceBus(binding, value, clients, settings),
      onTimeout,
    });
    const served = app.functions.filter((fn) => isServed(fn, log));
    for (const fn of served) warnOfRetry(fn, log);
    const routes = served
      .filter((fn) => fn.trigger.type === "httptrigger")
      .flatMap((fn) => guarded(fn, log, () => [httpRoute(fn, host.extensions.http.routePrefix, settings)]));
    const server = httpTriggers({
      routes,
      invoker,
      keys: start.keys,
      settings,
      streamUri: capabilities.HttpUri,
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const listeners = await openListeners(served, { invoker, clients, settings, host, log });
    const timers = served
      .filter((fn) => fn.trigger.type === "timertrigger")
      .flatMap((fn) => guarded(fn, log, () => [timerFunction(fn, settings)]));
    const ready = describe(served, routes, timers, (server.address() as AddressInfo).port);
    return new Instance(ready, { app, invoker, server, listeners, clients });
  }

  work(item: WorkItem): ReturnType<typeof runWork> {
    return runWork(this.#app, this.#invoker, item, this.#histories);
  }

  /** Runs a timer function once. Throws what it threw. */
  async timer(name: string, info: TimerInfo, retry?: RetryContext): Promise<void> {
    const fn = this.#app.find(name);
    if (fn === undefined) throw new Error(`There is no timer function named "${name}".`);
    await this.#invoker.invoke(fn, { data: { json: JSON.stringify(info) }, retry });
  }

  /** Takes nothing new, lets what is under way end, and runs the app's termination hooks. */
  async stop(): Promise<void> {
    this.#server.close();
    await Promise.allSettled(this.#listeners.map((listener) => listener.close()));
    await this.#invoker.idle();
    await this.#app.runHooks("appTerminate", { hookData: this.#app.hookData });
    await this.#clients.close();
  }
}

function isServed(fn: RegisteredFunction, log: (entry: LogEntry) => void): boolean {
  const reason = unsupported(fn);
  if (reason === undefined) return true;
  const message = `Function ${fn.metadata.name} is not served: it has ${reason}, which this host does not know.`;
  log({ level: "warning", category: "system", message });
  return false;
}

/** Of the triggers that this host knows, the timer's alone heeds a retry policy, as in Azure. */
function warnOfRetry(fn: RegisteredFunction, log: (entry: LogEntry) => void): void {
  if (fn.metadata.retryOptions === undefined || fn.trigger.type === "timertrigger") return;
  const message =
    `The retry policy of function ${fn.metadata.name} is not used: Azure heeds one for timers, Event Hubs, Kafka and ` +
    "Cosmos DB only. A message that fails is delivered again as often as its queue allows.";
  log({ level: "warning", category: "system", message });
}

/** A function that can't listen is in error; the others are served, as on the real host. */
async function openListeners(
  functions: readonly RegisteredFunction[],
  options: {
    invoker: Invoker;
    clients: ServiceBusClients;
    settings: Settings;
    host: HostJson;
    log: (entry: LogEntry) => void;
  },
): Promise<Listener[]> {
  const { host, ...rest } = options;
  const opened = await Promise.all(
    functions
      .filter((fn) => fn.trigger.type === "servicebustrigger")
      .map(async (fn) => {
        try {
          return [await listenToServiceBus(fn, { ...rest, host: host.extensions.serviceBus })];
        } catch (error) {
          options.log(inError(fn, error));
          return [];
        }
      }),
  );
  return opened.flat();
}

function inError(fn: RegisteredFunction, error: unknown): LogEntry {
  const why = error instanceof Error ? error.message : String(error);
  return { level: "error", category: "system", message: `Function ${fn.metadata.name} is in error: ${why}` };
}

/** What `make` gives for a function; nothing, and a word in the log, where its binding can't be understood. */
function guarded<T>(fn: RegisteredFunction, log: (entry: LogEntry) => void, make: () => T[]): T[] {
  try {
    return make();
  } catch (error) {
    log(inError(fn, error));
    return [];
  }
}

function timerFunction(fn: RegisteredFunction, settings: Settings): TimerFunction {
  const { schedule: text, runOnStartup, useMonitor } = fn.trigger.settings;
  const schedule = resolveNames(String(text), settings);
  parseSchedule(schedule);
  return {
    name: fn.metadata.name,
    schedule,
    runOnStartup: runOnStartup === true,
    useMonitor: useMonitor !== false,
    retry: retryPolicy(fn.metadata.retryOptions),
  };
}

function describe(
  functions: readonly RegisteredFunction[],
  routes: readonly HttpRoute[],
  timers: readonly TimerFunction[],
  port: number,
): Ready {
  return {
    kind: "ready",
    port,
    durable: functions.filter((fn) => DURABLE.has(fn.trigger.type)).map((fn) => fn.metadata.name),
    timers,
    routes: routes.map(({ fn, template, methods }) => ({ name: fn.metadata.name, template, methods: [...methods] })),
    functions: functions.map((fn) => ({ name: fn.metadata.name, trigger: String(fn.trigger.settings.type) })),
  };
}
