import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes that stay in use for what is made: heap and buffers, after all that is not needed was collected. */
export function kept(make: () => unknown): number {
  const before = used();
  const made = make();
  const after = used();
  // Held until here, so that it could not be collected.
  return made === undefined ? 0 : after - before;
}

function used(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
