import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Megabytes of this process's heap that are in use, after all that could be freed was. */
export function heapMb(): number {
  collect();
  return Math.round(process.memoryUsage().heapUsed / 104_857.6) / 10;
}

/** Megabytes that another process has in memory; undefined where the system does not tell it in the way of Linux. */
export function residentMb(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
  } catch {
    return undefined;
  }
}
