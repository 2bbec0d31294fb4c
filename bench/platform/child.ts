/**
 * A process of its own, that does one part of what is measured: the first argument says which, the second in which
 * folder. Told anything by its parent, it answers how much processor and disk time it has used so far.
 */
import fs from "node:fs";
import { createServer } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { StatementSync } from "node:sqlite";
import { VirtualClock } from "../../local/clock/virtual-clock.ts";
import { startPlatform } from "../../local/platform/platform.ts";
import { startServiceBus } from "../../local/service-bus/service-bus.ts";

export interface Usage {
  readonly cpuSeconds: number;
  /** Spent within calls that write: SQLite's for the scheduler, the journal's flushes for the bus. */
  readonly writeSeconds: number;
  readonly writes: number;
  /** Of the app's instance, where there is one. */
  readonly appPid: number | undefined;
}

const PARTS: Readonly<Record<string, (folder: string) => Promise<Readonly<Record<string, unknown>>>>> = {
  platform: async (dataDir) => {
    const appDir = join(import.meta.dirname, "app");
    const platform = await startPlatform({ appDir, dataDir, ports: { app: 0 }, settings: {}, log: console.error });
    await platform.waitUntilReady();
    appPid = platform.instances()[0]?.pid;
    stop = () => platform.close();
    return { url: platform.addresses.app, key: platform.keys.durable };
  },
  bus: async (folder) => {
    const clock = new VirtualClock();
    const entities = { UserConfig: { Namespaces: [{ Queues: [{ Name: "bench" }] }] } };
    const bus = await startServiceBus({ port: 0, file: join(folder, "bus"), entities, clock, busy: clock });
    stop = () => bus.close();
    return { connectionString: bus.connectionString };
  },
  http: async () => {
    const server = createServer((request, response) => {
      request.resume().on("end", () => response.writeHead(202, { "content-length": 0 }).end());
    }).listen(0, "127.0.0.1");
    await new Promise((listening) => server.once("listening", listening));
    return { port: (server.address() as AddressInfo).port };
  },
};

let stop: () => Promise<void> = async () => undefined;
let appPid: number | undefined;
let writeMs = 0;
let writes = 0;

/** Puts a watch on a call, which else stays what it is. */
function timed<Call extends (...all: never[]) => unknown>(call: Call): Call {
  return new Proxy(call, {
    apply(target, self, all) {
      const began = performance.now();
      const result = Reflect.apply(target, self, all);
      writeMs += performance.now() - began;
      writes += 1;
      return result;
    },
  });
}
fs.fdatasyncSync = timed(fs.fdatasyncSync);
syncBuiltinESMExports();
StatementSync.prototype.run = timed(StatementSync.prototype.run);

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  const usage: Usage = { cpuSeconds: (user + system) / 1e6, writeSeconds: writeMs / 1000, writes, appPid };
  process.send?.(usage);
});
process.on("disconnect", () => void stop().finally(() => process.exit()));

const start = PARTS[process.argv[2] ?? ""];
if (start === undefined) throw new Error(`one of ${Object.keys(PARTS).join(", ")}`);
process.send?.(await start(process.argv[3] ?? ""));
