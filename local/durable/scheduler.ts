import type { IncomingMessage, ServerResponse } from "node:http";
import type { Busy, Clock } from "../clock/virtual-clock.ts";
import { Dispatch } from "./dispatch.ts";
import { Engine } from "./engine.ts";
import { handle } from "./management-api.ts";
import { Store } from "./store.ts";
import { clientBindingText } from "./uris.ts";
import type { Versioning } from "./versioning.ts";
import { type Limits, WorkQueue } from "./work-queue.ts";
import type { Worker } from "./worker.ts";

export interface SchedulerOptions {
  /** The SQLite file; ':memory:' for tests. */
  readonly file: string;
  readonly clock: Clock;
  readonly busy: Busy;
  readonly hubName: string;
  /** The webhooks' system key, written into the addresses that answers carry. The caller checks it. */
  readonly key?: string;
  readonly log?: (message: string) => void;
  /** How many work items of each kind an app instance is given at once, and how many idle instances stay in memory. */
  readonly limits?: Partial<Limits> & { readonly cached?: number };
  /** host.json's `durableTask.defaultVersion`, `versionMatchStrategy` and `versionFailureStrategy`. */
  readonly versioning?: Versioning;
}

export interface Scheduler {
  /** An app instance has connected; call the answer when it is gone. */
  attach(worker: Worker): () => void;
  /** Answers a request of the management API below `basePath`; false if the path is not below it. */
  handle(request: IncomingMessage, response: ServerResponse, basePath: string): Promise<boolean>;
  /** The JSON of a durable client's input binding. */
  clientBinding(urls: { readonly rpcBaseUrl: string; readonly webhookUrl: string; readonly key: string }): string;
  /** Writes what is under way and closes the file. What was handed out is handed out again after the next opening. */
  close(): Promise<void>;
}

const DEFAULT_LIMITS = { orchestrator: 100, activity: 100, entity: 100 };
const DEFAULT_CACHED = 20_000;

/** Opens the durable task hub: takes up what waited, and waits for app instances to do it. */
export function openScheduler(options: SchedulerOptions): Scheduler {
  const { clock, busy, versioning = {}, log = () => undefined } = options;
  const { cached = DEFAULT_CACHED, ...limits } = options.limits ?? {};
  const store = new Store(options.file);
  const queue = new WorkQueue({ ...DEFAULT_LIMITS, ...limits }, busy, log);
  const dispatch = new Dispatch({ store, queue, clock, busy, versioning, log, cached });
  const engine = new Engine(store, queue, dispatch, versioning);
  const hub = { hubName: options.hubName, key: options.key ?? "" };
  let closed = false;
  dispatch.resume();
  return {
    attach: (worker) => queue.attach(worker),
    handle: async (request, response, basePath) => {
      if (!closed) return await handle({ engine, hub }, request, response, basePath);
      response.writeHead(503).end();
      return true;
    },
    clientBinding: ({ key, ...urls }) => {
      // Addresses in answers carry the key that the app was last told, if none was given at the opening.
      hub.key = options.key ?? key;
      return clientBindingText(urls, { hubName: hub.hubName, key });
    },
    close: async () => {
      if (closed) return;
      closed = true;
      queue.close();
      dispatch.close();
      store.close();
    },
  };
}
