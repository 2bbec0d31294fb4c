import type { Next } from "../../shared/domain/run.ts";
import type { InstanceStatus, RunHandle, Runner } from "../../shared/ports/runner.ts";
import type { Call } from "../../shared/use-cases/continue-run.ts";
import { ORCHESTRATOR } from "../../shared/wire/run-call.ts";
import type { Busy } from "./busy.ts";
import type { TestClock } from "./test-clock.ts";

const TEN_MINUTES_MS = 600_000;
const SIX_DAYS_MS = 6 * 86_400_000;
const ATTEMPTS = 8;

/** What a durable engine may do to a run without breaking its promises. */
export interface EngineWeather {
  /** The wake was answered "woken" and never came. */
  readonly losesWake: () => boolean;
  readonly doublesWake: () => boolean;
  /** The work item is handed out twice, and both work at once; the first to end counts. */
  readonly doublesActivity: () => boolean;
}

export const CALM_ENGINE: EngineWeather = {
  losesWake: () => false,
  doublesWake: () => false,
  doublesActivity: () => false,
};

interface Instance {
  readonly handle: RunHandle;
  running: boolean;
  stuck: boolean;
  /** Buffered wakes, which survive a continue-as-new. */
  wakes: number;
  heard: (() => void) | undefined;
}

/** The orchestrator's shape without an engine: the same calls, races and holds, its timers on the test's clock. */
export class InProcessRunner implements Runner {
  /** Activities that were called: an endless loop shows here. */
  calls = 0;
  weather: EngineWeather = CALM_ENGINE;
  readonly #instances = new Map<string, Instance>();
  readonly #clock: TestClock;
  readonly #busy: Busy;
  readonly #step: (label: string) => Promise<void>;
  readonly #activity: (call: Call) => Promise<Next>;

  constructor(
    clock: TestClock,
    busy: Busy,
    step: (label: string) => Promise<void>,
    activity: (call: Call) => Promise<Next>,
  ) {
    this.#clock = clock;
    this.#busy = busy;
    this.#step = step;
    this.#activity = activity;
  }

  async start(run: string, handle: RunHandle): Promise<"started" | "running"> {
    await this.#step(`start ${run}`);
    if (this.#instances.get(run)?.running === true) return "running";
    const instance: Instance = { handle, running: true, stuck: false, wakes: 0, heard: undefined };
    this.#instances.set(run, instance);
    this.#busy.during(this.#orchestrate(instance));
    return "started";
  }

  async wake(run: string): Promise<"woken" | "gone"> {
    await this.#step(`wake ${run}`);
    const instance = this.#instances.get(run);
    if (instance?.running !== true) return "gone";
    if (this.weather.losesWake()) return "woken";
    if (instance.stuck) return "woken";
    instance.wakes += this.weather.doublesWake() ? 2 : 1;
    instance.heard?.();
    return "woken";
  }

  async status(run: string): Promise<InstanceStatus | undefined> {
    const instance = this.#instances.get(run);
    return instance && { state: instance.running ? "Running" : "Completed", orchestrator: ORCHESTRATOR };
  }

  async terminate(run: string): Promise<"terminated" | "gone"> {
    const instance = this.#instances.get(run);
    if (instance?.running !== true) return "gone";
    instance.running = false;
    instance.stuck = false;
    instance.heard?.();
    return "terminated";
  }

  async forget(run: string): Promise<void> {
    if (this.#instances.get(run)?.running === false) this.#instances.delete(run);
  }

  /** The instance runs on, says the engine; but what is due or raised meanwhile is lost on it. */
  stick(run: string, stuck = true): void {
    const instance = this.#instances.get(run);
    if (instance === undefined) throw new Error(`no instance ${run}`);
    instance.stuck = stuck;
  }

  /** Forgets an instance, as an engine does that lost its history. */
  lose(run: string): void {
    const instance = this.#instances.get(run);
    if (instance !== undefined) instance.running = false;
    this.#instances.delete(run);
    instance?.heard?.();
  }

  /** Line by line what functions/orchestrator.ts does; where that one continues as new, this one begins again. */
  async #orchestrate(instance: Instance): Promise<void> {
    const { handle } = instance;
    for (let raced = false; instance.running; raced = !raced) {
      let until: number;
      try {
        let next = await this.#retried({ ...handle, at: this.#clock.now() });
        while (next.kind === "act") next = await this.#retried({ ...handle, seq: next.seq });
        if (next.kind === "end") break;
        until = Date.parse(next.until);
      } catch {
        until = this.#clock.now() + TEN_MINUTES_MS;
      }
      if (!raced) await this.#race(instance, Math.min(until, this.#clock.now() + SIX_DAYS_MS));
    }
    instance.running = false;
  }

  async #race(instance: Instance, until: number): Promise<void> {
    if (instance.wakes > 0) {
      instance.wakes -= 1;
      return;
    }
    const idle = this.#busy.pause();
    await new Promise<void>((done) => {
      const cancel = this.#clock.at(until, () => {
        if (instance.stuck) return;
        instance.heard = undefined;
        idle();
        done();
      });
      instance.heard = () => {
        cancel();
        instance.heard = undefined;
        instance.wakes = Math.max(0, instance.wakes - 1);
        idle();
        done();
      };
    });
  }

  async #retried(call: Call): Promise<Next> {
    for (let attempt = 1; ; attempt += 1)
      try {
        return await this.#once(call);
      } catch (fault) {
        if (attempt === ATTEMPTS) throw fault;
      }
  }

  #once(call: Call): Promise<Next> {
    this.calls += 1;
    const first = this.#busy.during(this.#activity(call));
    if (!this.weather.doublesActivity()) return first;
    // The double goes on after the first has answered, as a worker does that lost its lease on the work item.
    return Promise.race([first, this.#busy.during(this.#activity(call))]);
  }
}
