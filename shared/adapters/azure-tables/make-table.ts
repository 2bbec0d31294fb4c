import { setTimeout as sleep } from "node:timers/promises";
import type { TableClient } from "@azure/data-tables";
import { faultOf, reasonOf } from "./faults.ts";

/** A dropped table's name is free again after some 40 s: about a minute with the default delay. */
const ATTEMPTS = 30;

/** Makes a table that may exist by now, and waits while one of that name is still being deleted. */
export async function makeTable(table: TableClient, inTime: () => AbortSignal, delayMs = 2_000): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await table.createTable({ abortSignal: inTime() });
      return;
    } catch (fault) {
      if (reasonOf(fault)?.kind !== "table-being-deleted" || attempt === ATTEMPTS) throw faultOf(fault);
    }
    await sleep(delayMs);
  }
}
