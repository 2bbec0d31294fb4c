import type { Busy } from "../clock/virtual-clock.ts";
import type { AppInstance, End } from "./app-instance.ts";

export interface SupervisorOptions {
  readonly busy: Busy;
  readonly log: (line: string) => void;
  /** Starts the process of an instance. */
  readonly spawn: (id: string) => AppInstance;
  /** Told of each instance that is up; what it answers is called when that instance takes nothing new any more. */
  readonly onReady: (instance: AppInstance) => () => void;
}

export type InstanceState = "starting" | "ready" | "waiting";

/** The app can't be loaded; the message is its own, with its stack. */
export class AppFailed extends Error {
  constructor(failure: string | undefined) {
    super(failure);
    this.name = "AppFailed";
  }
}

/** A place for an instance: always filled again, until it is taken away. */
interface Slot {
  readonly name: string;
  current: AppInstance | undefined;
  generation: number;
  failures: number;
  failure: string | undefined;
  restart: NodeJS.Timeout | undefined;
  closed: boolean;
}

const FIRST_BACK_OFF_MS = 50;
const LONGEST_BACK_OFF_MS = 5000;
/** An instance that lived so long is healthy: what ends it is news, not the next of a row of crashes. */
const HEALTHY_MS = 5000;
/** From so many failures in a row on, an instance that can't start no longer keeps the clock waiting. */
const HOPELESS = 4;

/** Keeps the wanted number of app instances running: one that dies is started again, after a small back-off. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #slots: Slot[] = [];
  readonly #changed = new Set<() => void>();
  /** Those that die by order: that is no sign of an app that can't live. */
  readonly #killed = new WeakSet<AppInstance>();
  #next = 0;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** The instances that are up. */
  get ready(): AppInstance[] {
    return this.#slots.flatMap(({ current }) => (current?.ready !== undefined && !current.gone ? [current] : []));
  }

  /** All that live: those that still start, too. */
  get alive(): AppInstance[] {
    return this.#slots.flatMap(({ current }) => (current === undefined || current.gone ? [] : [current]));
  }

  /** One of the instances that are up, in turn. */
  pick(fits: (instance: AppInstance) => boolean = () => true): AppInstance | undefined {
    const ready = this.ready.filter(fits);
    return ready.length === 0 ? undefined : ready[this.#next++ % ready.length];
  }

  list(): { id: string; pid: number | undefined; state: InstanceState; restarts: number; failure?: string }[] {
    return this.#slots.map(({ name, current, generation, failure }) => ({
      id: current?.id ?? name,
      pid: current?.pid,
      state: current === undefined ? "waiting" : current.ready === undefined ? "starting" : "ready",
      restarts: generation - 1,
      ...(failure === undefined ? {} : { failure }),
    }));
  }

  /** Starts or stops instances until there are `count`. Those taken away end in order. */
  async setInstances(count: number): Promise<void> {
    while (this.#slots.length < count) {
      const name = `app ${this.#slots.length + 1}`;
      const slot: Slot = {
        name,
        current: undefined,
        generation: 0,
        failures: 0,
        failure: undefined,
        restart: undefined,
        closed: false,
      };
      this.#slots.push(slot);
      this.#fill(slot);
    }
    await Promise.all(this.#slots.splice(count).map((slot) => this.#remove(slot)));
  }

  /** Kills one instance with SIGKILL: that of this pid, or the one that has been up the longest. It comes again. */
  async kill(pid?: number): Promise<{ id: string; pid: number | undefined } | undefined> {
    const up = this.alive;
    const victim =
      pid === undefined
        ? up.sort(
            (a, b) => Number(a.ready === undefined) - Number(b.ready === undefined) || a.startedAt - b.startedAt,
          )[0]
        : up.find((instance) => instance.pid === pid);
    if (victim === undefined) return undefined;
    this.#killed.add(victim);
    victim.kill();
    await victim.whenGone;
    return { id: victim.id, pid: victim.pid };
  }

  /** Answers when every place has an instance that is up; rejects with the reason when one can't be loaded. */
  async waitUntilReady(): Promise<void> {
    for (;;) {
      const failed = this.#slots.find(({ failures, failure }) => failures > 0 && failure !== undefined);
      if (failed !== undefined) throw new AppFailed(failed.failure);
      if (this.#slots.every(({ current }) => current?.ready !== undefined && !current.gone)) return;
      await this.#nextChange();
    }
  }

  /** Answers with an instance that is up and `fits`, waiting at most `ms` for one. */
  async waitForOne(ms: number, fits?: (instance: AppInstance) => boolean): Promise<AppInstance | undefined> {
    const deadline = Date.now() + ms;
    for (let found = this.pick(fits); ; found = this.pick(fits)) {
      const left = deadline - Date.now();
      if (found !== undefined || left <= 0) return found;
      await this.#nextChange(left);
    }
  }

  async close(): Promise<void> {
    await this.setInstances(0);
  }

  #fill(slot: Slot): void {
    const { busy, spawn, onReady, log } = this.#options;
    slot.restart = undefined;
    const instance = spawn(`${slot.name}.${++slot.generation}`);
    slot.current = instance;
    const settled = slot.failures < HOPELESS ? busy.open(`${slot.name} starting`) : () => undefined;
    instance.whenReady
      .then(() => {
        slot.failure = undefined;
        instance.whenLeaving.then(onReady(instance));
        this.#tell();
      })
      .catch(() => undefined)
      .finally(settled);
    void instance.whenGone.then((end) => {
      slot.current = undefined;
      if (!slot.closed) this.#refill(slot, instance, end);
      this.#tell();
    });
    if (slot.generation > 1) log(`${instance.id} starts (pid ${instance.pid})`);
  }

  #refill(slot: Slot, instance: AppInstance, end: End): void {
    const { busy, log } = this.#options;
    const healthy = end.wasReady && Date.now() - instance.startedAt > HEALTHY_MS;
    if (healthy) slot.failures = 0;
    else if (!this.#killed.delete(instance)) slot.failures += 1;
    const ended = end.signal ?? `exit code ${end.code}`;
    slot.failure = end.failure;
    if (!end.wasReady && !end.lost)
      slot.failure ??= `The app's process ended (${ended}) while it loaded the app's code.`;
    const why = end.failure ?? ended;
    log(`${instance.id} is gone: ${why}`);
    const held = slot.failures < HOPELESS ? busy.open(`${slot.name} to be started`) : () => undefined;
    const wait = Math.min(FIRST_BACK_OFF_MS * 2 ** slot.failures, LONGEST_BACK_OFF_MS);
    slot.restart = setTimeout(() => {
      this.#fill(slot);
      held();
    }, wait);
  }

  async #remove(slot: Slot): Promise<void> {
    slot.closed = true;
    clearTimeout(slot.restart);
    await slot.current?.stop();
  }

  #tell(): void {
    for (const wake of this.#changed) wake();
    this.#changed.clear();
  }

  #nextChange(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      this.#changed.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
