import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Hub, WEBHOOK_PATH } from "./app/hub.ts";

const SCENARIOS = fileURLToPath(new URL("../../fixtures/durable-functions/src/scenarios.js", import.meta.url));

/** What no recording shows: by the sources of the extension's HTTP handler and of the Azure Storage provider. */
describe("the management API, in the sources' words", () => {
  let hub: Hub;
  beforeAll(async () => {
    hub = await Hub.open({ files: [SCENARIOS] });
  });
  afterAll(() => hub.close());

  const api = (method: string, path: string, body?: unknown) => hub.ask(method, `${WEBHOOK_PATH}/${path}`, body);
  const ids = async (query: string) => {
    const { body } = await hub.instances("GET", `?${query}`);
    return (body as { instanceId: string }[]).map(({ instanceId }) => instanceId);
  };
  const send = async (path: string, text: string, type: string) => {
    const headers = { "content-type": type };
    const response = await fetch(`${hub.origin}${WEBHOOK_PATH}/${path}`, { method: "POST", headers, body: text });
    return { status: response.status, text: await response.text() };
  };

  describe("addresses", () => {
    it("ignore the case of their words and of parameters' names, and a slash at the end", async () => {
      await hub.start("empty", "cased");
      await hub.until("cased", "Completed");
      const { status, body } = await api("GET", "Instances/cased/?SHOWHISTORY=True&showinput=False");
      expect(status).toBe(200);
      expect(body).toMatchObject({ input: null, historyEvents: expect.any(Array) });
    });

    it("are decoded before they are split: no id and no event has a slash, and a plus is a blank", async () => {
      await hub.start("waiter", "with blank");
      const { body } = await hub.instances("GET", "with+blank");
      expect(body).toMatchObject({ instanceId: "with blank" });
      expect((await hub.instances("POST", "with%20blank/raiseEvent/a%2Fb", 1)).status).toBe(404);
      const again = await api("POST", "orchestrators/empty/it's%20~me");
      expect(again.headers.get("location")).toContain("/instances/it%27s+%7Eme?");
    });
  });

  describe("a status", () => {
    it("without input shows none in the history either", async () => {
      await hub.start("chain", "shy", { secret: 1 });
      await hub.until("shy", "Completed");
      const shown = JSON.stringify((await hub.instances("GET", "shy?showHistory=true&showInput=false")).body);
      expect(shown).not.toContain('"Input"');
      expect(shown).toContain('"FunctionName":"echo"');
    });

    it("takes what is neither true nor false as not given", async () => {
      expect((await hub.instances("GET", "shy?showInput=1")).body).toMatchObject({ input: { secret: 1 } });
    });

    it("of one that failed is 500 where that is asked for", async () => {
      await hub.start("throwsNow", "five");
      await hub.until("five", "Failed");
      expect((await hub.instances("GET", "five?returnInternalServerErrorOnFailure=true")).status).toBe(500);
      expect((await hub.instances("GET", "five")).status).toBe(200);
    });
  });

  describe("a start", () => {
    it("keeps its input as it was written", async () => {
      const { text } = await send("orchestrators/inputType/written", '{ "a" : 1.0 }', "application/json");
      expect(text).toContain('"id":"written"');
      const { input, historyEvents } = await hub.until("written", "Completed");
      expect(input).toEqual({ a: 1 });
      expect(historyEvents).toMatchObject([{ EventType: "ExecutionStarted", Input: '{ "a" : 1.0 }' }, {}]);
    });

    it("waits where both time and interval are given, and answers a failure with its status", async () => {
      expect(await api("POST", "orchestrators/throwsNow?timeout=5&pollingInterval=0.05")).toMatchObject({
        status: 200,
        body: { runtimeStatus: "Failed", output: expect.stringContaining("at once") },
      });
      expect((await api("POST", "orchestrators/empty?timeout=5")).status).toBe(202);
      expect(await api("POST", "orchestrators/empty?timeout=1&pollingInterval=5")).toMatchObject({
        status: 400,
        body: { Message: "Total timeout 1 should be bigger than retry timeout 5" },
      });
    });

    it("over a suspended id is refused", async () => {
      await hub.start("waiter", "held");
      await hub.until("held", "Running");
      await hub.instances("POST", "held/suspend?reason=x");
      await hub.until("held", "Suspended");
      expect(await api("POST", "orchestrators/empty/held")).toMatchObject({
        status: 409,
        body: { Message: "An Orchestration instance with the status Suspended already exists." },
      });
      await hub.instances("POST", "held/terminate");
      expect(await hub.until("held", "Terminated")).toMatchObject({ output: null });
    });

    it("again, under the id of one that runs, is refused with the exception", async () => {
      await hub.start("waiter", "busy");
      await hub.until("busy", "Running");
      expect(await hub.instances("POST", "busy/restart?restartWithNewInstanceId=false")).toMatchObject({
        status: 409,
        body: {
          Message: "A non-terminal instance with this instance ID already exists.",
          ExceptionMessage: "An Orchestration instance with the status Running already exists.",
          ExceptionType: "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException",
        },
      });
      expect((await hub.instances("POST", "busy/restart")).status).toBe(202);
    });
  });

  describe("a filter", () => {
    it("knows statuses in their own case only, all that there are, by name or number", async () => {
      await hub.start("waiter", "state-a");
      await hub.start("empty", "state-b");
      await hub.until("state-a", "Running");
      await hub.until("state-b", "Completed");
      const prefix = "instanceIdPrefix=state-";
      expect(await ids(`${prefix}&runtimeStatus=running`)).toHaveLength(2);
      expect(await ids(`${prefix}&runtimeStatus=Canceled`)).toEqual([]);
      expect(await ids(`${prefix}&runtimeStatus=0`)).toEqual(["state-a"]);
      expect(await ids(`${prefix}&runtimeStatus=Running&runtimeStatus=%20Completed`)).toHaveLength(2);
      expect(await ids(`${prefix}&top=many`)).toHaveLength(2);
    });

    it("of a purge counts only ended states; without one, all that was created then is purged", async () => {
      const own = await Hub.open({ files: [], app: hub.app });
      try {
        await own.start("waiter", "runs");
        await own.start("empty", "ended");
        await own.until("runs", "Running");
        await own.until("ended", "Completed");
        expect((await own.instances("DELETE", "?createdTimeFrom=soon")).status).toBe(400);
        const since = "?createdTimeFrom=2020-01-01";
        expect((await own.instances("DELETE", `${since}&runtimeStatus=Failed`)).status).toBe(404);
        expect((await own.instances("DELETE", `${since}&runtimeStatus=Completed,Running`)).body).toEqual({
          instancesDeleted: 1,
        });
        expect((await own.instances("GET", "runs")).status).toBe(202);
        expect((await own.instances("DELETE", `${since}&runtimeStatus=Running`)).body).toEqual({ instancesDeleted: 1 });
        expect((await own.instances("GET", "runs")).status).toBe(404);
      } finally {
        await own.close();
      }
    });
  });

  describe("an entity", () => {
    const state = async (key: string) => (await api("GET", `entities/counter/${key}`)).body;

    it("is deleted by the method, and its row purged by its id", async () => {
      await api("POST", "entities/Counter/gone?op=add", 2);
      await hub.clock.quiet();
      expect(await state("gone")).toBe(2);
      expect((await api("DELETE", "entities/counter/gone")).status).toBe(202);
      await hub.clock.quiet();
      expect((await api("GET", "entities/counter/gone")).status).toBe(404);
      expect((await hub.instances("DELETE", "@counter@gone")).body).toEqual({ instancesDeleted: 1 });
      expect((await hub.instances("DELETE", "@counter@gone")).body).toEqual({ instancesDeleted: 0 });
    });

    it("may have an empty key, which a dollar sign stands for when it is read", async () => {
      expect((await api("POST", "entities/counter?op=add", 3)).status).toBe(202);
      await hub.clock.quiet();
      expect(await state("$")).toBe(3);
      expect((await api("POST", "entities?op=add", 3)).status).toBe(400);
    });

    it("is given a text where the content is not said to be JSON", async () => {
      await send("entities/counter/text?op=add", "5", "text/plain");
      await hub.clock.quiet();
      expect(await state("text")).toBe("05");
      expect(await send("entities/counter/text?op=add", "no", "application/json")).toMatchObject({
        status: 400,
        text: expect.stringContaining("Could not parse JSON content: "),
      });
    });

    it("is listed in pages", async () => {
      for (const key of ["p1", "p2", "p3"]) await api("POST", `entities/counter/${key}?op=add`, 1);
      await hub.clock.quiet();
      const keys = [];
      let token = "";
      do {
        const headers = { "x-ms-continuation-token": token };
        const page = await fetch(`${hub.origin}${WEBHOOK_PATH}/entities/counter?top=2&fetchState=true`, { headers });
        keys.push(...((await page.json()) as { entityId: { key: string } }[]).map(({ entityId }) => entityId.key));
        token = page.headers.get("x-ms-continuation-token") ?? "";
      } while (token !== "");
      expect(keys.filter((key) => key.startsWith("p"))).toEqual(["p1", "p2", "p3"]);
    });
  });
});
