import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { ServiceBusClient } from "@azure/service-bus";
import { afterEach, describe, expect, it } from "@jest/globals";
import { until } from "./platform/tiny-app.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** As Microsoft publishes it with its own emulator, shortened. */
const EMULATOR_CONFIG = "test/fixtures/service-bus/emulator-config.json";

interface Command {
  readonly child: ChildProcess;
  /** All it has written. */
  said(): string;
}

describe("each part alone", () => {
  const running: Command[] = [];
  afterEach(async () => {
    for (const { child } of running.splice(0)) await end(child);
  });

  const run = (script: string, ...options: string[]): Command => {
    const main = { host: "host/run", "service-bus": "service-bus/main", dataverse: "dataverse/main" }[script];
    const file = `local/${main ?? "communication/main"}.ts`;
    const child = spawn(process.execPath, [file, ...options], { cwd: ROOT });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part) => {
        text += part;
      });
    const command = { child, said: () => text };
    running.push(command);
    return command;
  };
  const told = async (command: Command, pattern: RegExp): Promise<string> => {
    const match = await until(
      async () => pattern.exec(command.said()),
      (found) => found !== null,
    );
    return match?.[1] ?? "";
  };
  const end = async (child: ChildProcess): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, "exit");
      child.kill("SIGINT");
      await gone;
    }
    return child.exitCode;
  };

  it("the bus takes its entities from a file made for Microsoft's own emulator", async () => {
    const command = run("service-bus", "--config", EMULATOR_CONFIG, "--port", "0");
    const client = new ServiceBusClient(await told(command, /(Endpoint=\S+)/));
    await client.createSender("queue.1").sendMessages({ body: "one" });
    const known = { correlationId: "id1", subject: "subject1", messageId: "msgid1", contentType: "application/text" };
    const fits = { ...known, replyTo: "someQueue", replyToSessionId: "sessionId", sessionId: "session1", to: "xyz" };
    await client.createSender("topic.1").sendMessages({ body: "two", ...fits });
    await client.createSender("topic.1").sendMessages({ body: "three", ...fits, subject: "another" });
    const receive = async (...of: [string] | [string, string]) => {
      const options = { receiveMode: "receiveAndDelete" } as const;
      const receiver = of.length === 1 ? client.createReceiver(of[0], options) : client.createReceiver(...of, options);
      return (await receiver.receiveMessages(5, { maxWaitTimeInMs: 2000 })).map(({ body }) => body);
    };
    expect(await receive("queue.1")).toEqual(["one"]);
    expect(await receive("topic.1", "subscription.1")).toEqual(["two"]);
    await client.close();
    expect(await end(command.child)).toBe(0);
  });

  it("Dataverse serves its Web API and its explorer", async () => {
    const command = run("dataverse", "--port", "0");
    const api = await told(command, /Dataverse Web API +(\S+)/);
    const created = await fetch(`${api}/leads`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ lastname: "Essai" }),
    });
    expect(created.status).toBe(204);
    const { value } = (await (await fetch(`${api}/leads?$select=lastname`)).json()) as { value: unknown[] };
    expect(value).toMatchObject([{ lastname: "Essai" }]);
    const page = await fetch(await told(command, /explorer +(\S+)/));
    expect([page.status, page.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/html")]);
    expect(await end(command.child)).toBe(0);
  });

  it("Communication Services shows its mailbox and names its connection string", async () => {
    const command = run("communication", "--port", "0");
    const mailbox = await told(command, /Mailbox: (\S+)/);
    expect((await fetch(mailbox)).status).toBe(200);
    expect(await told(command, /(endpoint=\S+)/)).toMatch(/^endpoint=http:\/\/localhost:\d+\/;accesskey=\S+$/);
    expect(await end(command.child)).toBe(0);
  });

  it("the host runs an app folder and says where each function is", async () => {
    const command = run("host", "--app", "test/fixtures/apps/http", "--port", "0");
    const url = await told(command, /pid +httpTrigger +\S+ (\S+)/);
    expect(Number(await (await fetch(url)).text())).toBeGreaterThan(0);
    expect(await end(command.child)).toBe(0);
  });

  it.each(["host", "service-bus", "dataverse", "communication"])("%s explains itself with --help", async (script) => {
    const { child, said } = run(script, "--help");
    expect((await once(child, "exit"))[0]).toBe(0);
    expect(said()).toContain("--port");
  });

  it.each([
    ["service-bus", ["--port", "0"], 2, "Usage: npm run service-bus"],
    ["service-bus", ["--config", "nowhere.json"], 1, "There is no file nowhere.json."],
    ["service-bus", ["--config", "package.json"], 1, "UserConfig"],
    ["communication", ["--prot", "0"], 2, "--prot"],
    ["dataverse", ["--prot", "0"], 2, "--prot"],
    ["host", ["--app", "nowhere"], 1, "nowhere: its package.json is missing"],
  ])("%s %j ends with a word of what is wrong", async (script, options, code, word) => {
    const { child, said } = run(script, ...options);
    expect((await once(child, "exit"))[0]).toBe(code);
    expect(said()).toContain(word);
    expect(said()).not.toMatch(/^ +at /m);
  });

  it.each(["host", "service-bus", "dataverse", "communication"])("%s names a port that is taken", async (script) => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const own = { host: ["--app", "test/fixtures/apps/http"], "service-bus": ["--config", EMULATOR_CONFIG] };
    const { child, said } = run(script, ...(own[script as keyof typeof own] ?? []), "--port", String(port));
    expect((await once(child, "exit"))[0]).toBe(1);
    taken.close();
    expect(said()).toMatch(new RegExp(`Port ${port}\\b.* is taken`));
  });
});
