import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Hub } from "./app/hub.ts";

const SCENARIOS = fileURLToPath(new URL("../../fixtures/durable-functions/src/scenarios.js", import.meta.url));

/** What no recording shows: by the sources of the extension's context and of its header converter. */
describe("an orchestration's HTTP call", () => {
  let hub: Hub;
  let server: Server;
  let origin: string;
  const seen: { method: string; path: string; headers: IncomingMessage["headers"]; body: string }[] = [];
  beforeAll(async () => {
    hub = await Hub.open({ files: [SCENARIOS] });
    server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const path = request.url ?? "";
      seen.push({ method: request.method ?? "", path, headers: request.headers, body });
      if (path === "/twice") response.setHeader("set-cookie", ["a=1", "b=2"]);
      if (path === "/job") response.writeHead(202, { location: `${origin}/job/1`, "retry-after": "2" });
      else if (path === "/nowhere") response.writeHead(202);
      else response.writeHead(path === "/broken" ? 503 : 200);
      response.end(path);
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await hub.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  const events = async (id: string) =>
    ((await hub.status(id)).historyEvents as { EventType: string }[]).map(({ EventType }) => EventType);

  it("takes any status as an answer, and a header that came twice as a list", async () => {
    await hub.start("http", "broken", `${origin}/broken`);
    expect(await hub.until("broken", "Completed")).toMatchObject({ output: { statusCode: 503, content: "/broken" } });
    await hub.start("http", "cookies", `${origin}/twice`);
    expect(await hub.until("cookies", "Completed")).toMatchObject({
      output: { headers: { "Set-Cookie": ["a=1", "b=2"] } },
    });
  });

  it("polls the Location of what was accepted, with its headers and without its content", async () => {
    await hub.start("httpPost", "polled", `${origin}/job`);
    await hub.clock.quiet();
    await hub.clock.advance(2000);
    expect(await hub.until("polled", "Completed")).toMatchObject({ output: { content: "/job/1" } });
    expect(seen.filter(({ path }) => path.startsWith("/job"))).toMatchObject([
      { method: "POST", headers: { "x-test": "y" }, body: '{"a":1}' },
      { method: "GET", headers: { "x-test": "y" }, body: "" },
    ]);
  });

  it("waits half a minute where an accepted call names no Location, and ends with that answer", async () => {
    await hub.start("http", "lost", `${origin}/nowhere`);
    await hub.clock.quiet();
    expect(await hub.status("lost")).toMatchObject({ runtimeStatus: "Running" });
    await hub.clock.advance(30_000);
    expect(await hub.until("lost", "Completed")).toMatchObject({ output: { statusCode: 202 } });
    expect(await events("lost")).toEqual([
      "ExecutionStarted",
      "TaskCompleted",
      "TimerCreated",
      "TimerFired",
      "ExecutionCompleted",
    ]);
  });
});
