import { createServer, type Server } from "node:http";
import { resolve } from "node:path";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { readHostJson } from "../host/host-json.ts";
import { checkAppDir } from "../host/load-app.ts";
import type { EntitiesInput } from "../service-bus/config.ts";
import { AppInstance } from "./app-instance.ts";
import { controlServer } from "./control.ts";
import { CronTimers } from "./cron-timers.ts";
import { describeFunctions } from "./describe-functions.ts";
import { Faults } from "./faults.ts";
import { frontDoor } from "./front-door.ts";
import { listen } from "./listen.ts";
import { ownRoutes, WEBHOOKS } from "./own-routes.ts";
import { type Parts, startParts } from "./parts.ts";
import { fillIn } from "./placeholders.ts";
import { type PlatformKeys, SavedState } from "./saved-state.ts";
import { Supervisor } from "./supervisor.ts";
import { watch } from "./watchdog.ts";

export interface PlatformOptions {
  readonly appDir: string;
  /** Where state is kept; undefined is memory. */
  readonly dataDir?: string | undefined;
  /** 0 takes a free port. A part without a port is not started; the app and its control address always are. */
  readonly ports: {
    readonly app: number;
    readonly control?: number;
    readonly serviceBus?: number;
    readonly dataverse?: number;
    readonly communication?: number;
  };
  /** App settings. `${serviceBus}`, `${dataverse}`, … in a value become the addresses of the parts. */
  readonly settings: Readonly<Record<string, string>>;
  readonly instances?: number;
  /** Of the bus, as in Config.json of Microsoft's emulator. */
  readonly entities?: EntitiesInput;
  /** The entity that takes the reports of mails, which Event Grid would deliver there. */
  readonly mailReportsTo?: string;
  /** How long a request waits for an instance before it is refused with 503. */
  readonly holdMs?: number;
  readonly log?: (line: string) => void;
}

/** Where the parts are, under the names by which others know them. */
export interface Addresses {
  readonly app: string;
  readonly control: string;
  /** A connection string. */
  readonly serviceBus: string | undefined;
  /** Of the Web API. */
  readonly dataverse: string | undefined;
  readonly communication: string | undefined;
  readonly webhookKey: string;
  readonly organizationId: string | undefined;
}

export interface Platform extends Omit<Parts, "close"> {
  readonly addresses: Addresses;
  readonly keys: PlatformKeys;
  readonly clock: VirtualClock;
  readonly faults: Faults;
  /** The app's instances, with pid and state. */
  readonly instances: () => ReturnType<Supervisor["list"]>;
  /** The functions that are served, a line each: name, trigger, URL. */
  describe(): string[];
  /** Kills an app instance with SIGKILL, and answers once it is dead. It is started again. */
  kill(pid?: number): Promise<void>;
  setInstances(count: number): Promise<void>;
  /** Instances that start from now on load this folder: a new build beside the old one, until that is gone. */
  setAppDir(appDir: string): void;
  /** Answers when every instance is up; rejects with the reason when the app can't be loaded. */
  waitUntilReady(): Promise<void>;
  close(): Promise<void>;
}

const HOLD_MS = 20_000;
const TIMER_HOLD_MS = 60_000;

/** Starts the platform, and the app's instances on it. Throws PortTaken, and NoApp where the folder holds none. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { ports, log = () => undefined, holdMs = HOLD_MS, mailReportsTo = "mail-reports" } = options;
  let appDir = resolve(options.appDir);
  checkAppDir(appDir);
  const host = readHostJson(appDir, options.settings);
  const state = new SavedState(options.dataDir);
  const keys = state.keys();
  const clock = new VirtualClock(state.offset());
  await clock.onOffset(async (offsetMs) => state.saveOffset(offsetMs));
  const parts = await startParts({ clock, state, keys, host, ports, entities: options.entities, mailReportsTo, log });
  const { scheduler, bus, dataverse, communication } = parts;
  const servers: Server[] = [];

  let clientBinding = "";
  let settings: Record<string, string> = {};
  let instanceFaults: Record<string, unknown> = {};
  const supervisor: Supervisor = new Supervisor({
    busy: clock,
    log,
    spawn: (id) => {
      const { offset: offsetMs } = clock;
      const start = { kind: "start", appDir, offsetMs, faults: instanceFaults, clientBinding, keys } as const;
      const instance = new AppInstance({ id, start, settings, log });
      watch(instance, host.functionTimeout, log);
      void clock.onOffset((offset) => instance.setClock(offset)).then((stop) => instance.whenGone.then(stop));
      return instance;
    },
    onReady: (instance) => {
      timers.add(instance.ready?.timers ?? [], supervisor.ready.length === 1);
      return instance.functions.size === 0 ? () => undefined : scheduler.attach(instance);
    },
  });
  const timers = new CronTimers({
    clock,
    file: state.file("timers.json"),
    instance: (name) =>
      supervisor.waitForOne(TIMER_HOLD_MS, ({ ready }) => ready?.timers.some((timer) => timer.name === name) === true),
    log,
  });
  const faults = new Faults({
    serviceBus: (fault) => bus?.setFault(fault),
    dataverse: (fault) => dataverse?.setFault(fault ?? {}),
    communication: (fault) => communication?.setFault(fault),
    store: async (fault) => {
      instanceFaults = fault === undefined ? {} : { store: fault };
      await Promise.all(supervisor.alive.map((instance) => instance.setFaults(instanceFaults)));
    },
  });

  const deploy = (dir: string): void => {
    checkAppDir(resolve(dir));
    appDir = resolve(dir);
  };
  const close = async (): Promise<void> => {
    timers.close();
    for (const server of servers) server.close();
    await supervisor.close();
    for (const server of servers) server.closeAllConnections();
    await parts.close();
    clock.close();
    state.close();
  };

  try {
    const open = async (server: Server, port: number, what: string): Promise<number> => {
      servers.push(server);
      return listen(server, port, what);
    };
    const rpc = createServer(async (request, response) => {
      if (!(await scheduler.handle(request, response, "/durabletask"))) response.writeHead(404).end();
    });
    const rpcPort = await open(rpc, 0, "the durable functions' local address");
    const door = frontDoor({
      busy: clock,
      instance: () => supervisor.waitForOne(holdMs),
      own: ownRoutes({ keys, durable: scheduler.handle, instances: () => supervisor.list() }),
      log,
    });
    const app = `http://localhost:${await open(door, ports.app, "the function app")}`;
    const pages = [app, app.replace("localhost", "127.0.0.1")];
    const control = controlServer({ clock, supervisor, faults, deploy, allowedOrigins: pages });
    const addresses: Addresses = {
      app,
      control: `http://localhost:${await open(control, ports.control ?? 0, "the control address")}`,
      serviceBus: bus?.connectionString,
      dataverse: dataverse?.url,
      communication: communication === undefined ? undefined : `http://localhost:${communication.port}`,
      webhookKey: keys.webhook,
      organizationId: dataverse?.organizationId,
    };
    clientBinding = scheduler.clientBinding({
      rpcBaseUrl: `http://127.0.0.1:${rpcPort}/durabletask/`,
      webhookUrl: `${app}${WEBHOOKS}`,
      key: keys.durable,
    });
    settings = {
      ...hostSettings(app),
      ...fillIn(options.settings, {
        ...addresses,
        communicationConnectionString: communication?.connectionString,
        dataDir: state.folder(),
      }),
    };
    void supervisor.setInstances(options.instances ?? 1);
    return {
      ...parts,
      addresses,
      keys,
      clock,
      faults,
      instances: () => supervisor.list(),
      describe: () => describeFunctions(supervisor.pick()?.ready, app),
      kill: async (pid) => void (await supervisor.kill(pid)),
      setInstances: (count) => supervisor.setInstances(count),
      setAppDir: deploy,
      waitUntilReady: () => supervisor.waitUntilReady(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the platform sets for every app. */
function hostSettings(app: string): Record<string, string> {
  return {
    FUNCTIONS_WORKER_RUNTIME: "node",
    FUNCTIONS_EXTENSION_VERSION: "~4",
    AZURE_FUNCTIONS_ENVIRONMENT: "Development",
    WEBSITE_HOSTNAME: new URL(app).host,
  };
}
