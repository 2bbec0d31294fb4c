import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { Hub } from "./app/hub.ts";

const APP = new URL("../../fixtures/durable-functions/src/", import.meta.url);
const SCENARIOS = fileURLToPath(new URL("scenarios.js", APP));
const PLATFORM = fileURLToPath(new URL("app/platform-process.ts", import.meta.url));

describe("the scheduler's file", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "durable-"));
    file = join(folder, "hub.sqlite");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("keeps timers, waits and buffered events over a restart", async () => {
    const first = await Hub.open({ files: [SCENARIOS], file });
    await first.start("anyTimer", "timer", { ms: 3_600_000 });
    await first.start("waiter", "waiter");
    await first.start("waiterThen", "buffered");
    await first.until("buffered", "Running");
    await first.instances("POST", "buffered/raiseEvent/go", 1);
    await first.clock.quiet();
    await first.instances("POST", "buffered/raiseEvent/go", 2);
    await first.clock.quiet();
    await first.close();

    const second = await Hub.open({ files: [SCENARIOS], file });
    try {
      expect((await second.until("buffered", "Completed")).output).toEqual([1, 2]);
      expect((await second.status("timer")).runtimeStatus).toBe("Running");
      await second.instances("POST", "waiter/raiseEvent/go", "later");
      expect((await second.until("waiter", "Completed")).output).toEqual({ e: "later", type: "string" });
      await second.clock.advance(3_700_000);
      expect((await second.status("timer")).output).toEqual({ won: "timer" });
    } finally {
      await second.close();
    }
  });

  it("of version 0.1.0, which kept histories by instance, is taken over with them", async () => {
    const first = await Hub.open({ files: [SCENARIOS], file });
    for (const id of ["a", "b"]) {
      await first.start("waiterThen", id);
      await first.until(id, "Running");
      await first.instances("POST", `${id}/raiseEvent/go`, id);
    }
    await first.clock.quiet();
    const before = await first.status("a");
    await first.close();
    const database = new DatabaseSync(file);
    database.exec(`
      CREATE TABLE history (
        instance INTEGER NOT NULL, seq INTEGER NOT NULL, events TEXT NOT NULL, PRIMARY KEY (instance, seq)
      ) WITHOUT ROWID;
      INSERT INTO history SELECT instance, row_number() OVER (PARTITION BY instance ORDER BY id) - 1, events FROM episodes;
      DROP TABLE episodes;`);
    database.close();

    for (const event of ["again", "once more"]) {
      const later = await Hub.open({ files: [SCENARIOS], file });
      try {
        if (event === "again") {
          expect(await later.status("a")).toEqual(before);
          await later.instances("POST", "a/raiseEvent/go", event);
          expect((await later.until("a", "Completed")).output).toEqual(["a", "again"]);
        } else {
          await later.instances("POST", "b/raiseEvent/go", event);
          expect((await later.until("b", "Completed")).output).toEqual(["b", "once more"]);
        }
      } finally {
        await later.close();
      }
    }
  });

  it("hands an activity that was under way out again", async () => {
    const first = await Hub.open({ files: [SCENARIOS], file });
    await first.start("fan", "fan");
    await first.until("fan", "Running");
    await first.close();
    const second = await Hub.open({ files: [SCENARIOS], file });
    try {
      expect((await second.until("fan", "Completed")).output).toEqual([50, 100, 150]);
    } finally {
      await second.close();
    }
  });

  it("loses nothing that was acknowledged when the platform is killed", async () => {
    const started: string[] = [];
    const raised = new Map<string, number>();
    for (let round = 0; round < 4; round++) {
      const platform = await startPlatform(file);
      const deadline = setTimeout(() => platform.process.kill("SIGKILL"), 120 + round * 90);
      const died = once(platform.process, "exit");
      await Promise.all(
        Array.from({ length: 8 }, async (_, lane) => {
          for (let n = 0; n < 200; n++) {
            const id = `${round}-${lane}-${n}`;
            if (!(await post(`${platform.base}/orchestrators/chain/${id}`, { id }))) return;
            started.push(id);
            const waiter = `w-${id}`;
            if (!(await post(`${platform.base}/orchestrators/waiterThen/${waiter}`, null))) return;
            raised.set(waiter, 0);
            for (const event of [1, 2]) {
              if (!(await post(`${platform.base}/instances/${waiter}/raiseEvent/go`, event))) return;
              raised.set(waiter, event);
            }
          }
        }),
      );
      await died;
      clearTimeout(deadline);
    }
    expect(started.length).toBeGreaterThan(20);
    const hub = await Hub.open({ files: [SCENARIOS], file });
    try {
      for (const id of started) expect((await hub.until(id, "Completed")).output).toMatchObject({ input: { id } });
      for (const [id, events] of raised) {
        const status = await hub.until(id, ...(events === 2 ? ["Completed"] : ["Completed", "Running"]));
        if (events === 2) expect([...(status.output as number[])].sort()).toEqual([1, 2]);
      }
    } finally {
      await hub.close();
    }
  });
});

async function startPlatform(file: string): Promise<{ process: ChildProcess; base: string }> {
  const child = spawn(process.execPath, [PLATFORM, file, SCENARIOS], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  return { process: child, base: `http://127.0.0.1:${port.toString().trim()}/runtime/webhooks/durabletask` };
}

/** True if it was acknowledged; false if the platform died before. */
async function post(url: string, body: unknown): Promise<boolean> {
  try {
    const headers = { "content-type": "application/json" };
    const { status } = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    return status === 202;
  } catch {
    return false;
  }
}
