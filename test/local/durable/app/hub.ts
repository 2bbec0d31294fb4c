import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { VirtualClock } from "../../../../local/clock/virtual-clock.ts";
import { openScheduler, type Scheduler, type SchedulerOptions } from "../../../../local/durable/scheduler.ts";
import type { Worker } from "../../../../local/durable/worker.ts";
import { type AppInstance, startApp } from "./app-instance.ts";
import { serveFunctions } from "./front-door.ts";

export const RPC_PATH = "/durabletask/";
export const WEBHOOK_PATH = "/runtime/webhooks/durabletask";
export const KEY = "KEY";

export interface HubOptions extends Partial<SchedulerOptions> {
  readonly files: readonly string[];
  /** An instance to use rather than start one; it is left running. */
  readonly app?: AppInstance;
  /** Sees what the instance is asked and answers. */
  readonly wrap?: (worker: Worker) => Worker;
}

/** A scheduler with one app instance, and a front door before both, as the platform has them. */
export class Hub {
  readonly clock: VirtualClock;
  readonly scheduler: Scheduler;
  readonly origin: string;
  app: AppInstance;
  #detach: () => void;
  readonly #server: Server;
  readonly #files: readonly string[];
  readonly #wrap: (worker: Worker) => Worker;
  readonly #shared: boolean;

  private constructor(
    clock: VirtualClock,
    scheduler: Scheduler,
    server: Server,
    app: AppInstance,
    files: readonly string[],
    wrap: (worker: Worker) => Worker,
    shared: boolean,
  ) {
    this.clock = clock;
    this.scheduler = scheduler;
    this.app = app;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.#server = server;
    this.#files = files;
    this.#wrap = wrap;
    this.#shared = shared;
    this.#detach = scheduler.attach(wrap(app.worker));
  }

  static async open({ files, app, wrap = (worker) => worker, ...options }: HubOptions): Promise<Hub> {
    const clock = new VirtualClock();
    const scheduler = openScheduler({ file: ":memory:", clock, busy: clock, hubName: "rh1", key: KEY, ...options });
    const server = createServer();
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const instance = app ?? (await startApp("one", ...files));
    const hub = new Hub(clock, scheduler, server, instance, files, wrap, app !== undefined);
    server.on("request", (request, response) => {
      void hub.#serve(request, response);
    });
    return hub;
  }

  get binding(): string {
    const urls = { rpcBaseUrl: `${this.origin}${RPC_PATH}`, webhookUrl: `${this.origin}${WEBHOOK_PATH}`, key: KEY };
    return this.scheduler.clientBinding(urls);
  }

  /** Ends the app instance and connects another one. */
  async replaceApp(): Promise<void> {
    const { app } = this;
    this.#detach();
    await app.kill();
    this.app = await startApp("another", ...this.#files);
    this.#detach = this.scheduler.attach(this.#wrap(this.app.worker));
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; headers: Headers; body: unknown }> {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${this.origin}${path}`, { method, headers, ...init });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? "" : JSON.parse(text) };
  }

  instances(method: string, path: string, body?: unknown): ReturnType<Hub["ask"]> {
    return this.ask(method, `${WEBHOOK_PATH}/instances/${path}`, body);
  }

  async start(name: string, id: string, input?: unknown): Promise<void> {
    const { status } = await this.ask("POST", `${WEBHOOK_PATH}/orchestrators/${name}/${id}`, input ?? null);
    if (status !== 202) throw new Error(`start answered ${status}`);
  }

  async status(id: string): Promise<Record<string, unknown>> {
    const { body } = await this.instances("GET", `${id}?showHistory=true&showHistoryOutput=true`);
    return body as Record<string, unknown>;
  }

  /** Waits until the instance is in that state. */
  async until(id: string, ...states: string[]): Promise<Record<string, unknown>> {
    for (let tries = 0; ; tries++) {
      const status = await this.status(id);
      if (states.includes(String(status.runtimeStatus))) return status;
      if (tries > 1000) throw new Error(`${id} stays ${String(status.runtimeStatus)}`);
      await new Promise((wake) => setTimeout(wake, 5));
    }
  }

  async close(): Promise<void> {
    this.#detach();
    if (!this.#shared) await this.app.kill();
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
    await this.scheduler.close();
    this.clock.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const base of [RPC_PATH, WEBHOOK_PATH]) if (await this.scheduler.handle(request, response, base)) return;
    if (await serveFunctions(this.app, this.binding, request, response)) return;
    response.writeHead(404).end();
  }
}
