import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import type { Usage } from "./child.ts";

/** One part in a process of its own; `ready` is what it said of itself. */
export interface Part<Ready> {
  readonly ready: Ready;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

export async function startPart<Ready>(name: "platform" | "bus" | "http"): Promise<Part<Ready>> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const child: ChildProcess = fork(join(import.meta.dirname, "child.ts"), [name, folder], {
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const [ready] = (await once(child, "message")) as [Ready];
  return {
    ready,
    usage: async () => {
      child.send("usage");
      return ((await once(child, "message")) as [Usage])[0];
    },
    stop: async () => {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whose processor time went where between two moments, as shares of all cores. */
export interface Shares {
  readonly seconds: number;
  readonly part: number;
  readonly app: number | undefined;
  readonly load: number;
  readonly others: number;
  readonly idle: number;
  /** Of the wall clock, within calls that write. */
  readonly writing: number;
  readonly writes: number;
}

/** Begins to watch; the answer says, when called, what has been since. */
export async function watchShares(part: Part<unknown>): Promise<() => Promise<Shares>> {
  const before = await sample(part);
  return async () => {
    const after = await sample(part);
    const seconds = after.at - before.at;
    const all = seconds * cpus().length;
    const of = (what: "part" | "load" | "busy"): number => (after[what] - before[what]) / all;
    const app = after.app === undefined || before.app === undefined ? undefined : (after.app - before.app) / all;
    const own = of("part") + (app ?? 0) + of("load");
    const writing = (after.writing - before.writing) / seconds;
    const others = Math.max(0, of("busy") - own);
    const idle = Math.max(0, 1 - of("busy"));
    return {
      seconds,
      part: of("part"),
      app,
      load: of("load"),
      others,
      idle,
      writing,
      writes: after.writes - before.writes,
    };
  };
}

async function sample(part: Part<unknown>) {
  const { cpuSeconds, writeSeconds, writes, appPid } = await part.usage();
  const { user, system } = process.cpuUsage();
  const busy = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000;
  return {
    at: performance.now() / 1000,
    part: cpuSeconds,
    app: appPid === undefined ? undefined : secondsOf(appPid),
    load: (user + system) / 1e6,
    busy,
    writing: writeSeconds,
    writes,
  };
}

/** Processor time of another process, where the system tells it in the way of Linux, in hundredths of a second. */
function secondsOf(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

export function percent(share: number | undefined): string {
  return share === undefined ? "unknown" : `${Math.round(share * 100)} %`;
}
