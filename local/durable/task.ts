/** How a task of the replayed orchestration ended. */
export type Settled =
  | { readonly ok: true; readonly value: string | null }
  | { readonly ok: false; readonly reason: string };

/**
 * A promise without its delay: who waits is called within `settle`, as the engine's own scheduler does. In which
 * order continuations run relative to the next event of the history is behaviour (continueAsNew carries events by it).
 */
export class Task {
  #settled: Settled | undefined;
  #waiting: ((settled: Settled) => void)[] = [];

  get settled(): Settled | undefined {
    return this.#settled;
  }

  settle(settled: Settled): void {
    if (this.#settled) return;
    this.#settled = settled;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const run of waiting) run(settled);
  }

  whenSettled(run: (settled: Settled) => void): void {
    if (this.#settled) run(this.#settled);
    else this.#waiting.push(run);
  }
}

export function done(value: string | null = null): Task {
  const task = new Task();
  task.settle({ ok: true, value });
  return task;
}

export function failed(reason: string): Task {
  const task = new Task();
  task.settle({ ok: false, reason });
  return task;
}

/** Settles with the first of them; a failed one counts. */
export function whenAny(tasks: readonly Task[]): Task {
  const any = new Task();
  for (const task of tasks) task.whenSettled((settled) => any.settle(settled));
  return any;
}

/** Settles when all have, failed if one failed: the host waits for all of them even after a failure. */
export function whenAll(tasks: readonly Task[]): Task {
  const all = new Task();
  let left = tasks.length;
  let failure: Settled | undefined;
  if (left === 0) return done();
  for (const task of tasks) {
    task.whenSettled((settled) => {
      if (!settled.ok) failure ??= settled;
      if (--left === 0) all.settle(failure ?? { ok: true, value: null });
    });
  }
  return all;
}
