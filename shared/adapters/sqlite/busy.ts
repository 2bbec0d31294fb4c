import { setTimeout as sleep } from "node:timers/promises";
import { ParcoursError } from "../../errors.ts";

/** SQLite's own waiting blocks the thread, and sleeps longer each time: three times slower between two processes. */
const DELAY_MS = 2;
/** Ten seconds at the least: a whole checkpoint of another process. */
const ATTEMPTS = 5_000;
/** SQLITE_BUSY, the low byte of all its kinds. */
const BUSY = 5;

/** Runs what another process may hold up for a moment, again until it is free; the event loop goes on meanwhile. */
export async function whenFree<R>(run: () => R): Promise<R> {
  for (let attempt = 1; ; attempt++) {
    try {
      return run();
    } catch (fault) {
      if (!isBusy(fault) || attempt === ATTEMPTS) throw toUnavailable(fault);
    }
    await sleep(DELAY_MS);
  }
}

/** A fault of SQLite as ours; any other as it came. */
export function toUnavailable(fault: unknown): unknown {
  return isSqlite(fault) ? new ParcoursError("STORE_UNAVAILABLE", `SQLite: ${fault.message}`, { cause: fault }) : fault;
}

function isBusy(fault: unknown): boolean {
  return isSqlite(fault) && ((fault.errcode ?? 0) & 0xff) === BUSY;
}

interface SqliteFault {
  readonly code: "ERR_SQLITE_ERROR";
  readonly errcode?: number;
  readonly message: string;
}

/** By its code: what Node itself throws need not be of this realm's `Error`. */
function isSqlite(fault: unknown): fault is SqliteFault {
  return typeof fault === "object" && fault !== null && "code" in fault && fault.code === "ERR_SQLITE_ERROR";
}
