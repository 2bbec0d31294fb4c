import { setTimeout as after } from "node:timers/promises";
import { ParcoursError } from "../../errors.ts";
import type { Rows } from "../../ports/rows.ts";

/** Where a local host leaves the faults that its operator asked for; nothing sets it in Azure. */
const FAULTS = Symbol.for("local.faults");

/** The embedded store, which is slow or down when the sandbox's operator wants to see what happens then. */
export function withFaults(rows: Rows): Rows {
  return {
    get: async (...args) => (await acted()) ?? rows.get(...args),
    commit: async (...args) => (await acted()) ?? rows.commit(...args),
    list: async (...args) => (await acted()) ?? rows.list(...args),
    drop: async (...args) => (await acted()) ?? rows.drop(...args),
  };
}

async function acted(): Promise<undefined> {
  const faults: unknown = Reflect.get(globalThis, FAULTS);
  const store = property(faults, "store");
  const delay = property(store, "delayMs");
  if (typeof delay === "number") await after(delay);
  if (property(store, "down") === true) throw new ParcoursError("STORE_UNAVAILABLE", "the store is down, as asked for");
  return undefined;
}

function property(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined;
}
