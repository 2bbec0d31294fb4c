import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadFor, postRequests } from "../load.ts";
import { startPart } from "./processes.ts";

/** What this machine can do at most: measured in the same run as what is compared with it. */
export interface Limits {
  /** Flushes a second of a file into which `bytes` are written each time. */
  readonly flushes: (bytes: number) => number;
  /** Requests a second of a bare node:http server in another process: one after the other, and many at a time. */
  readonly httpOne: number;
  readonly httpMany: number;
}

const SECONDS = 1;
/** Room made ahead of time, as the journal makes it. */
const ROOM = Buffer.alloc(4 * 1024 * 1024);

export async function measureLimits(bodyBytes: number): Promise<Limits> {
  const http = await startPart<{ port: number }>("http");
  try {
    const requests = postRequests("/", ["x".repeat(bodyBytes)]);
    const httpOne = await loadFor(SECONDS, http.ready.port, requests, 1);
    const httpMany = await loadFor(SECONDS, http.ready.port, requests, 16);
    return { flushes, httpOne, httpMany };
  } finally {
    await http.stop();
  }
}

function flushes(bytes: number): number {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const file = openSync(join(folder, "file"), "w");
  try {
    writeSync(file, ROOM, 0, ROOM.length, 0);
    fdatasyncSync(file);
    const part = ROOM.subarray(0, bytes);
    const began = performance.now();
    let count = 0;
    for (; performance.now() - began < SECONDS * 1000; count++) {
      writeSync(file, part, 0, bytes, (count * bytes) % (ROOM.length - bytes));
      fdatasyncSync(file);
    }
    return count / ((performance.now() - began) / 1000);
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}
