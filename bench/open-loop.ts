/** How long calls took from when they were due, in seconds. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  /** Calls that the client itself began late: with many of them, the numbers say more of it than of the server. */
  readonly late: number;
}

const LATE_MS = 20;

/**
 * Calls at a steady rate, whether or not those before were answered: a server that stalls is not spared the calls that
 * come meanwhile, as it would be by a client that waits for each answer.
 */
export async function openLoop(rate: number, seconds: number, call: (n: number) => Promise<void>): Promise<Latencies> {
  const start = performance.now() + 50;
  let late = 0;
  const took = await Promise.all(
    Array.from({ length: rate * seconds }, async (_, n) => {
      const due = start + (n * 1000) / rate;
      await new Promise((passed) => setTimeout(passed, due - performance.now()));
      if (performance.now() - due > LATE_MS) late += 1;
      await call(n);
      return (performance.now() - due) / 1000;
    }),
  );
  const sorted = took.sort((one, other) => one - other);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), late };
}
