import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { installCoreModule } from "./core-module.ts";
import { runWork, type WorkItem } from "./durable-work.ts";
import { FunctionApp, type LogEntry, type RegisteredFunction } from "./function-app.ts";
import { FunctionErrors } from "./function-errors.ts";
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
import { checkName, isServed } from "./supported.ts";
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
    const host = readHostJson(start.appDir, settings);
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
    const errors = new FunctionErrors(log);
    const served = app.functions.filter(
      (fn) => errors.guarded(fn, () => checkName(fn)).length > 0 && isServed(fn, settings, log),
    );
    const routes: HttpRoute[] = [];
    for (const fn of served.filter((fn) => fn.trigger.type === "httptrigger"))
      routes.push(...errors.guarded(fn, () => httpRoute(fn, host.extensions.http.routePrefix, settings, routes)));
    const server = httpTriggers({
      routes,
      invoker,
      keys: start.keys,
      settings,
      streamUri: capabilities.HttpUri,
      customHeaders: host.extensions.http.customHeaders,
      log,
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const listeners = await openListeners(served, { invoker, clients, settings, host, log }, errors);
    const timers = served
      .filter((fn) => fn.trigger.type === "timertrigger")
      .flatMap((fn) => errors.guarded(fn, () => timerFunction(fn, settings)));
    const sound = served.filter((fn) => !errors.has(fn));
    const ready = describe(sound, routes, timers, (server.address() as AddressInfo).port);
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
  errors: FunctionErrors,
): Promise<Listener[]> {
  const { host, ...rest } = options;
  const opened = await Promise.all(
    functions
      .filter((fn) => fn.trigger.type === "servicebustrigger")
      .map(async (fn) => {
        try {
          return [await listenToServiceBus(fn, { ...rest, host: host.extensions.serviceBus })];
        } catch (error) {
          errors.add(fn, error);
          return [];
        }
      }),
  );
  return opened.flat();
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
