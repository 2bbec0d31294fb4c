import type { Addresses } from "../../sandbox/client.ts";
import { Client } from "../../sandbox/client.ts";
import { playHistory } from "../../sandbox/history/play.ts";
import { DAYS } from "../../sandbox/history/timeline.ts";
import { HISTORY_SIGNING_KEY, HISTORY_URL, startSandbox } from "./parts.ts";
import { type Snapshot, setClock } from "./snapshot.ts";

const DAY_MS = 86_400_000;
const MONDAY = 1;
const MORNING_UTC = 7;

/** Makes the sixty days anew, in an empty data folder, and ends with the platform closed. */
export async function makeHistory(dataDir: string, told: (day: number) => void): Promise<Omit<Snapshot, "rowSchema">> {
  const end = lastMonday(Date.now());
  const begin = end - DAYS * DAY_MS;
  setClock(dataDir, begin);
  const platform = await startSandbox({
    dataDir,
    ports: { app: 0, control: 0, serviceBus: 0, dataverse: 0, communication: 0 },
    settings: { PARCOURS_SIGNING_KEY: HISTORY_SIGNING_KEY, PARCOURS_PUBLIC_URL: HISTORY_URL },
  });
  try {
    await platform.waitUntilReady();
    const ended = await playHistory(new Client(platform.addresses as Addresses), begin, told);
    return { begin: new Date(begin).toISOString(), end: new Date(ended).toISOString() };
  } finally {
    await platform.close();
  }
}

/** The last Monday morning before `now`: a week begins. */
function lastMonday(now: number): number {
  const day = new Date(now);
  day.setUTCHours(MORNING_UTC, 0, 0, 0);
  const since = (day.getUTCDay() - MONDAY + 7) % 7;
  const monday = day.getTime() - since * DAY_MS;
  return monday <= now ? monday : monday - 7 * DAY_MS;
}
