import { setTimeout as after } from "node:timers/promises";
import type { Clock } from "../../ports/clock.ts";

/** Where a local host leaves the offset of its virtual clock, in milliseconds; nothing sets it in Azure. */
const OFFSET = Symbol.for("local.clock.offset");

/** The system's time and chance. On the local platform its virtual time, which can be moved on. */
export const systemClock: Clock = {
  now: () => Date.now() + offset(),
  sleep: (ms) => after(ms),
  random: () => Math.random(),
};

function offset(): number {
  const value: unknown = Reflect.get(globalThis, OFFSET);
  return typeof value === "number" ? value : 0;
}
