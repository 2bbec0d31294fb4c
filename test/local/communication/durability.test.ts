import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { signedSend } from "./signed-send.ts";
import { type Bench, clientOf, mailTo, startBench } from "./start.ts";

let folder: string;
let child: ChildProcess | undefined;
let bench: Bench | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mails-"));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  await bench?.stop();
  bench = undefined;
  await rm(folder, { recursive: true });
});

describe("a SIGKILL of the platform", () => {
  it("loses no mail that was answered with 202, and no report", async () => {
    const file = join(folder, "mails.sqlite");
    const client = clientOf(await startChild(file));
    const accepted: string[] = [];
    const sender = async () => {
      for (;;) {
        const poller = await client.beginSend(mailTo("camille@example.com"));
        accepted.push(poller.getOperationState().result?.id ?? "");
        if (accepted.length === 100) child?.kill("SIGKILL");
      }
    };
    await Promise.allSettled([sender(), sender(), sender(), sender()]);

    bench = await startBench({ file });
    const kept = (await bench.mails()).map(({ operationId }) => operationId);
    expect(accepted.length).toBeGreaterThanOrEqual(100);
    expect(kept).toEqual(expect.arrayContaining(accepted));
    expect(new Set(kept).size).toBe(kept.length);
  });
});

describe("a thousand mails, fifty at a time", () => {
  it("are all taken, and each has its one report", async () => {
    bench = await startBench({ file: join(folder, "mails.sqlite") });
    const many = 1_000;
    const message = JSON.stringify(
      mailTo("camille@example.com", { content: { subject: "Hello", html: "x".repeat(8_000) } }),
    );
    const { connectionString } = bench.communication;
    const requests = Array.from({ length: many }, () => signedSend(connectionString, message));
    for (let at = 0; at < many; at += 50)
      for (const answer of await Promise.all(requests.slice(at, at + 50).map((send) => send()))) {
        expect(answer.status).toBe(202);
        await answer.arrayBuffer();
      }
    await bench.clock.quiet();
    expect(bench.reports).toHaveLength(many);
  });
});

/** Starts the stand-in in a process of its own, and answers its connection string. */
async function startChild(file: string): Promise<string> {
  child = spawn(process.execPath, ["local/communication/main.ts", "--port", "0", "--file", file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("no output");
  for await (const line of createInterface(child.stdout)) if (line.startsWith("endpoint=")) return line;
  throw new Error("the stand-in ended before it was up");
}
