import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { Addresses } from "../../../local/platform/platform.ts";
import { fixtureApp, placeholder, tinyEntities, until } from "./tiny-app.ts";

const MAIN = fileURLToPath(new URL("../../../local/platform/main.ts", import.meta.url));
const RUN = fileURLToPath(new URL("../../../local/host/run.ts", import.meta.url));

interface Process {
  readonly child: ChildProcess;
  readonly addresses: Addresses;
}

describe("the platform as a process", () => {
  let folder: string;
  let args: string[];
  const children: ChildProcess[] = [];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "platform-"));
    const settings = join(folder, "settings.json");
    const entities = join(folder, "entities.json");
    const values = { Bus: placeholder("serviceBus"), Queue: "work", Monthly: "0 0 0 1 * *" };
    writeFileSync(settings, JSON.stringify({ IsEncrypted: false, Values: values }));
    writeFileSync(entities, JSON.stringify(tinyEntities));
    args = [
      "--app",
      fixtureApp("tiny"),
      "--data",
      join(folder, "data"),
      "--settings",
      settings,
      "--entities",
      entities,
    ];
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await end(child, "SIGKILL");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const start = async (...more: string[]): Promise<Process> => {
    const child = spawn(process.execPath, [MAIN, ...args, "--port-base", "0", ...more], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    children.push(child);
    const addresses = await new Promise<Addresses>((resolve, reject) => {
      child.once("message", (message) => resolve((message as { addresses: Addresses }).addresses));
      child.once("exit", (code) => reject(new Error(`the platform ended with ${code}`)));
    });
    return { child, addresses };
  };
  const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
    child.kill(signal);
    return exit;
  };
  const startRun = async ({ app }: Addresses, waitMs: number): Promise<string> => {
    const response = await fetch(`${app}/api/start`, {
      method: "POST",
      body: JSON.stringify({ names: ["Ada", "Zoé"], waitMs }),
    });
    return ((await response.json()) as { id: string }).id;
  };
  const statusOf = async (addresses: Addresses, id: string, code: string) => {
    const url = `${addresses.app}/runtime/webhooks/durabletask/instances/${id}?code=${code}`;
    return (await (await fetch(url)).json()) as { runtimeStatus: string; output: unknown };
  };
  const durableKey = () =>
    (JSON.parse(readFileSync(join(folder, "data/keys.json"), "utf8")) as { durable: string }).durable;

  it("writes its addresses where others look for them, and takes them away when it ends in order", async () => {
    const { child, addresses } = await start();
    const file = join(folder, "data/sandbox.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(addresses);
    expect(addresses).toMatchObject({
      app: expect.stringContaining("http://localhost:"),
      dataverse: expect.stringContaining("/api/data/v9.2"),
      communication: expect.stringContaining("http://localhost:"),
      control: expect.stringContaining("http://localhost:"),
      serviceBus: expect.stringContaining("Endpoint=sb://localhost:"),
      webhookKey: expect.any(String),
      organizationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(await end(child, "SIGTERM")).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  it("goes on where it was after a kill -9: keys, clock, and a run that waits", async () => {
    const first = await start();
    await fetch(`${first.addresses.control}/clock`, { method: "POST", body: '{"advance":"P10D"}' });
    const id = await startRun(first.addresses, 86_400_000);
    await until(
      () => statusOf(first.addresses, id, durableKey()),
      ({ runtimeStatus }) => runtimeStatus === "Running",
    );
    await end(first.child, "SIGKILL");

    const { addresses } = await start();
    expect(addresses.webhookKey).toBe(first.addresses.webhookKey);
    const clock = (await (await fetch(`${addresses.control}/clock`)).json()) as { offsetMs: number };
    expect(clock.offsetMs).toBeGreaterThanOrEqual(10 * 86_400_000 - 1000);
    await fetch(`${addresses.control}/clock`, { method: "POST", body: '{"advance":"P1D"}' });
    expect(await statusOf(addresses, id, durableKey())).toMatchObject({
      runtimeStatus: "Completed",
      output: ["hello Ada", "hello Zoé"],
    });
  });

  it("names a port that is taken, and what to do", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((listening) => taken.once("listening", listening));
    const { port } = taken.address() as { port: number };
    const child = spawn(process.execPath, [MAIN, ...args, "--in-memory", "--port-base", String(port)]);
    let said = "";
    child.stderr.on("data", (data) => (said += data));
    const code = await new Promise((exit) => child.once("exit", exit));
    taken.close();
    expect(code).toBe(1);
    expect(said).toContain(`Port ${port}, where the function app should listen, is taken`);
    expect(said).toContain("--port-base");
  });

  it.each([
    [["--app", "nowhere"], /^There is no function app in .*nowhere: its package.json is missing\.\n$/],
    [["--port", "abc"], /^--port takes a number up to 65535, not "abc"\.\n$/],
    [["--instances", "many"], /^--instances takes a number up to 16, not "many"\.\n$/],
    [["--settings", "nowhere.json"], /^There is no file nowhere\.json\.\n$/],
  ])("says in one line why an app folder can't be run with %j", async (given, why) => {
    const child = spawn(process.execPath, [RUN, "--app", fixtureApp("hooks"), "--port", "0", ...given]);
    let said = "";
    child.stderr.on("data", (data) => (said += data));
    expect(await new Promise((closed) => child.once("close", closed))).toBe(1);
    expect(said).toMatch(why);
  });

  it("runs any app folder by itself", async () => {
    const child = spawn(process.execPath, [RUN, "--app", fixtureApp("hooks"), "--port", "0"]);
    children.push(child);
    let said = "";
    child.stdout.on("data", (data) => (said += data));
    const line = await until(
      async () => /rescued +httpTrigger +GET,POST (\S+)/.exec(said),
      (match) => match !== null,
    );
    expect(await (await fetch(line?.[1] ?? "")).text()).toBe("rescued");
    expect(await end(child, "SIGINT")).toBe(0);
  });
});
