import type { Client } from "../client.ts";
import { setUpCompany } from "../company/set-up.ts";
import { DAYS, timeline } from "./timeline.ts";

const DAY_MS = 86_400_000;

/**
 * Lets the company live its sixty days on a bare platform whose clock stands at their begin: every run, mail and
 * decision comes about as it would anywhere else.
 * @param begin where the clock stands, in milliseconds since 1970
 * @returns the end, in milliseconds since 1970
 */
export async function playHistory(client: Client, begin: number, told: (day: number) => void): Promise<number> {
  await setUpCompany(client);
  let day = 0;
  for (const { atMs, what, run } of timeline()) {
    for (; day < Math.floor(atMs / DAY_MS); day += 1) told(day + 1);
    await moveTo(client, begin + atMs);
    await run(client, begin + atMs).catch((error: unknown) => {
      throw new Error(`${what}: ${error instanceof Error ? error.message : error}`);
    });
  }
  await moveTo(client, begin + DAYS * DAY_MS);
  return client.now();
}

async function moveTo(client: Client, instant: number): Promise<void> {
  const left = Math.max(0, instant - (await client.now()));
  await client.advance(`PT${left / 1000}S`);
}
