/** One row of the table that `npm run bench` prints. */
export interface Line {
  readonly what: string;
  readonly measured: string;
  /** What it is compared with, in the same run. */
  readonly peer: string;
  readonly ratio: number;
  readonly goal?: { readonly text: string; readonly met: boolean };
}

/** A benchmark; each file `*.bench.ts` exports one as `bench`. */
export interface Bench {
  readonly name: string;
  /** What is compared and how, in a sentence or two, so that nobody need read the code to judge if it is fair. */
  readonly how: string;
  run(): Promise<readonly Line[]>;
}

export function atLeast(ratio: number, goal: number): NonNullable<Line["goal"]> {
  return { text: `≥ ${goal}×`, met: ratio >= goal };
}

export function atMost(ratio: number, goal: number): NonNullable<Line["goal"]> {
  return { text: `≤ ${goal}×`, met: ratio <= goal };
}

/**
 * Seconds that one call takes, for each of several contestants: the median of rounds that alternate between them, so
 * that whatever else the machine does meets all of them alike.
 */
export function secondsEach(contestants: readonly (() => void)[], rounds = 9, secondsPerRound = 0.15): number[] {
  const calls = contestants.map((run) => callsIn(run, secondsPerRound));
  const times = contestants.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, run] of contestants.entries()) {
      const count = calls[index] ?? 1;
      const start = performance.now();
      for (let call = 0; call < count; call++) run();
      times[index]?.push((performance.now() - start) / 1000 / count);
    }
  return times.map(median);
}

/** How many calls fill a round; warms the code up on the way. */
function callsIn(run: () => void, seconds: number): number {
  const until = performance.now() + seconds * 1000;
  let calls = 0;
  for (; performance.now() < until; calls++) run();
  return Math.max(1, calls);
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** `12.3 µs` */
export function shown(seconds: number): string {
  if (seconds < 1e-3) return `${(seconds * 1e6).toFixed(1)} µs`;
  return seconds < 1 ? `${(seconds * 1e3).toFixed(2)} ms` : `${seconds.toFixed(2)} s`;
}
