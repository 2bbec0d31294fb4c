import { type ChildProcess, fork } from "node:child_process";
import { Agent } from "node:http";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { InstanceGone, type Outcome, type TriggerParts, type Worker } from "../durable/worker.ts";
import { Channel } from "../host/channel.ts";
import type { Forgotten, WorkKind } from "../host/durable-work.ts";
import type { FromInstance, Ready, Start, ToInstance } from "../host/messages.ts";
import type { RetryContext } from "../host/retry-policy.ts";
import type { TimerInfo } from "../host/timer-info.ts";
import { logLine } from "./log-line.ts";
import { ToldHistories } from "./told-histories.ts";

const MAIN = fileURLToPath(new URL("../host/main.ts", import.meta.url));
const STOP_GRACE_MS = 7000;

export interface AppInstanceOptions {
  readonly id: string;
  readonly start: Start;
  /** The app settings, which become the environment of the process. */
  readonly settings: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** How an instance ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it never became ready, if it said so. */
  readonly failure: string | undefined;
  readonly wasReady: boolean;
  /** As when a machine is lost: its own code had no part in it. */
  readonly lost: boolean;
}

interface Pending {
  resolve(outcome: Outcome | Forgotten): void;
  reject(error: Error): void;
}

/** One app instance as the platform sees it: a child process that takes work, and may be gone at any moment. */
export class AppInstance implements Worker {
  readonly id: string;
  readonly startedAt = Date.now();
  /** Keeps the front door's connections to this instance. */
  readonly agent = new Agent({ keepAlive: true });
  /** Resolves with what the instance serves; rejects where it ends before. */
  readonly whenReady: Promise<Ready>;
  readonly whenGone: Promise<End>;
  /** Resolves when it takes nothing new any more: at the latest when it is gone. */
  readonly whenLeaving: Promise<void>;
  ready: Ready | undefined;
  gone = false;
  functions: ReadonlySet<string> = new Set();
  readonly #child: ChildProcess;
  readonly #channel: Channel<ToInstance>;
  readonly #pending = new Map<number, Pending>();
  readonly #told = new ToldHistories();
  #nextId = 0;
  #failure: string | undefined;
  #wasReady = false;
  #stuck = false;
  #left: () => void = () => undefined;

  constructor({ id, start, settings, log }: AppInstanceOptions) {
    this.id = id;
    const child = fork(MAIN, [], {
      cwd: start.appDir,
      env: { ...inherited(), ...settings },
      execArgv: ["--disable-warning=ExperimentalWarning"],
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child = child;
    // A message that can't be sent any more belongs to an instance that is going: `exit` says the rest.
    this.#channel = new Channel((batch) => child.connected && child.send(batch, () => undefined));
    for (const stream of [child.stdout, child.stderr]) if (stream !== null) forward(stream, id, log);

    this.whenLeaving = new Promise((resolve) => {
      this.#left = resolve;
    });
    this.whenGone = new Promise((resolve) => {
      const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.#end();
        const lost = signal === "SIGKILL" && !this.#stuck;
        resolve({ code, signal, failure: this.#failure, wasReady: this.#wasReady, lost });
      };
      child.once("exit", ended);
      child.once("error", (error) => {
        this.#failure ??= error.message;
        if (child.pid === undefined) ended(null, null);
      });
    });
    this.whenReady = new Promise((resolve, reject) => {
      child.on("message", (batch: FromInstance[]) => {
        for (const message of batch) this.#take(message, log, resolve);
      });
      this.whenGone.then((end) => reject(new Error(end.failure ?? `app instance ${id} ended before it was ready`)));
    });
    this.whenReady.catch(() => undefined);
    this.#channel.post(start);
    this.#channel.flush();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Only what this instance was not told before goes over the channel; all of it, should it have forgotten. */
  async runOrchestrator(name: string, instanceId: string, _input: string, parts: TriggerParts): Promise<Outcome> {
    for (;;) {
      const episode = this.#told.episode(instanceId, parts);
      const outcome = await this.#ask((id) => ({
        kind: "work",
        id,
        item: { kind: "orchestrator", name, instanceId, input: undefined, episode },
      }));
      if (outcome.kind !== "forgotten") return outcome;
      this.#told.forget(instanceId);
    }
  }

  runActivity(name: string, instanceId: string, input: string | undefined): Promise<Outcome> {
    return this.#work("activity", name, instanceId, input);
  }

  runEntity(name: string, instanceId: string, input: string): Promise<Outcome> {
    return this.#work("entity", name, instanceId, input);
  }

  runTimer(name: string, info: TimerInfo, retry: RetryContext | undefined): Promise<Outcome> {
    return this.#call((id) => ({ kind: "timer", id, name, info, retry }));
  }

  /** Answers once the instance reads its clock with the new offset, or is gone. */
  async setClock(offsetMs: number): Promise<void> {
    const told = this.#ask((id) => ({ kind: "clock", id, offsetMs }));
    this.#channel.flush();
    await told.catch(() => undefined);
  }

  /** Answers once the instance knows, or is gone. */
  async setFaults(faults: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#ask((id) => ({ kind: "faults", id, faults })).catch(() => undefined);
  }

  /** Answers when the instance's event loop turned; never while user code blocks it. */
  async ping(): Promise<void> {
    await this.#ask((id) => ({ kind: "ping", id }));
  }

  /** SIGKILL: no handler of the process runs, as when a machine is lost. */
  kill(): void {
    this.ready = undefined;
    this.#child.kill("SIGKILL");
  }

  /** Kills it because its event loop stands still. */
  killStuck(): void {
    this.#stuck = true;
    this.kill();
  }

  /** Asks it to end in order, and kills it where it does not within some seconds. */
  async stop(): Promise<void> {
    this.#channel.post({ kind: "stop" });
    this.#channel.flush();
    const timer = setTimeout(() => this.kill(), STOP_GRACE_MS);
    await this.whenGone;
    clearTimeout(timer);
  }

  #work(kind: WorkKind, name: string, instanceId: string, input: string | undefined): Promise<Outcome> {
    return this.#call((id) => ({ kind: "work", id, item: { kind, name, instanceId, input } }));
  }

  /** Asks what is never answered with "forgotten". */
  #call(message: (id: number) => ToInstance): Promise<Outcome> {
    return this.#ask(message) as Promise<Outcome>;
  }

  #ask(message: (id: number) => ToInstance): Promise<Outcome | Forgotten> {
    if (this.gone) return Promise.reject(new InstanceGone(this.id));
    const id = this.#nextId++;
    this.#channel.post(message(id));
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  #take(message: FromInstance, log: (line: string) => void, ready: (what: Ready) => void): void {
    switch (message.kind) {
      case "ready":
        this.ready = message;
        this.#wasReady = true;
        this.functions = new Set(message.durable);
        ready(message);
        break;
      case "failed":
        this.#failure = message.message;
        break;
      case "leaving":
        this.ready = undefined;
        this.#left();
        break;
      case "log":
        log(logLine(this.id, message.entry));
        break;
      case "done":
        this.#pending.get(message.id)?.resolve(message.outcome);
        this.#pending.delete(message.id);
    }
  }

  #end(): void {
    this.gone = true;
    this.#left();
    this.agent.destroy();
    for (const { reject } of this.#pending.values()) reject(new InstanceGone(this.id));
    this.#pending.clear();
  }
}

/** What an instance takes over of the platform's own environment: how to find programs and a home, nothing else. */
function inherited(): Record<string, string> {
  const names = ["PATH", "HOME", "TMPDIR", "TEMP", "LANG", "TZ", "SystemRoot", "NODE_EXTRA_CA_CERTS"];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function forward(stream: Readable, id: string, log: (line: string) => void): void {
  createInterface({ input: stream }).on("line", (line) => log(`[${id}] ${line}`));
}
