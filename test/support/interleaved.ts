import fc from "fast-check";
import { inProcess, type World } from "./in-process.ts";
import { type Trouble, troubles } from "./weather.ts";

const trouble = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Trouble>("none") },
  { weight: 1, arbitrary: fc.constantFrom<Trouble>("fails", "answer-lost", "repeated") },
);

/** What befalls a world: operations that fail or lose their answers, wakes that get lost, work that is done twice. */
export const fate = fc.record({
  troubles: fc.array(trouble, { maxLength: 150 }),
  lostWakes: fc.array(fc.boolean(), { maxLength: 8 }),
  doubledWakes: fc.array(fc.boolean(), { maxLength: 8 }),
  doubledActivities: fc.array(fc.boolean(), { maxLength: 16 }),
  pageSize: fc.constantFrom(undefined, 2),
});
export type Fate = typeof fate extends fc.Arbitrary<infer T> ? T : never;

export interface Interleaved {
  readonly world: World;
  /** From here on others come in between, and things go wrong; before, a test arranges in peace. */
  begin(): void;
  /** So many turns of others go by first. */
  later(turns: number, act: () => Promise<unknown>): void;
}

export function interleaved(scheduler: fc.Scheduler, fate: Fate): Interleaved {
  let begun = false;
  const trouble = troubles(fate.troubles);
  const turn = (label: string) => (begun ? scheduler.schedule(Promise.resolve(), label) : Promise.resolve());
  const world = inProcess({
    ...(fate.pageSize === undefined ? {} : { pageSize: fate.pageSize }),
    weather: { step: turn, trouble: (label) => (begun ? trouble(label) : "none") },
    waitFor: (work) => scheduler.waitFor(work),
  });
  world.runner.weather = {
    losesWake: taking(fate.lostWakes),
    doublesWake: taking(fate.doubledWakes),
    doublesActivity: taking(fate.doubledActivities),
  };
  return {
    world,
    begin: () => {
      begun = true;
    },
    later(turns, act) {
      const acted = async () => {
        for (let gone = 0; gone < turns; gone += 1) await turn("a turn of others");
        await act();
      };
      void world.busy.during(acted());
    },
  };
}

function taking(list: readonly boolean[]): () => boolean {
  const left = [...list];
  return () => left.shift() ?? false;
}
