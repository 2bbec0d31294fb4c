import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Platform, startPlatform } from "../../../local/platform/platform.ts";
import { fixtureApp, until } from "../platform/tiny-app.ts";

interface Echo {
  method: string;
  url: string;
  query: [string, string][];
  params: Record<string, string>;
  headers: Record<string, string>;
  bytes: string;
}

describe("an HTTP function", () => {
  let platform: Platform;
  let app: string;
  beforeAll(async () => {
    platform = await startPlatform({
      appDir: fixtureApp("http"),
      ports: { app: 0 },
      settings: { AzureWebJobsDisableHomepage: "true" },
    });
    app = platform.addresses.app;
    await platform.waitUntilReady();
  });
  afterAll(() => platform.close());

  const text = async (path: string, init?: RequestInit) => (await fetch(`${app}${path}`, init)).text();
  const status = async (path: string, init?: RequestInit) => (await fetch(`${app}${path}`, init)).status;
  const echo = async (init?: RequestInit, path = "/echo") =>
    (await (await fetch(`${app}${path}`, init)).json()) as Echo;

  it("sees method, address and headers as the caller sent them", async () => {
    const seen = await echo(
      { method: "PUT", headers: { "X-Own": "é".normalize("NFC"), cookie: "a=1; b=2" } },
      "/echo?x=1",
    );
    expect(seen).toMatchObject({ method: "PUT", url: `${app}/echo?x=1`, query: [["x", "1"]] });
    expect(seen.headers).toMatchObject({ cookie: "a=1; b=2", host: new URL(app).host });
  });

  it("gets several values of one query parameter joined by a comma, as the real host does it", async () => {
    expect((await echo({}, "/echo?x=1&x=2&y=%C3%A9+")).query).toEqual([
      ["x", "1,2"],
      ["y", "é "],
    ]);
  });

  it("gets a body byte for byte, sent at once or in chunks", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    const base64 = Buffer.from(bytes).toString("base64");
    expect((await echo({ method: "POST", body: bytes })).bytes).toBe(base64);
    const chunks = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.subarray(0, 100));
        controller.enqueue(bytes.subarray(100));
        controller.close();
      },
    });
    expect((await echo({ method: "POST", body: chunks, duplex: "half" } as RequestInit)).bytes).toBe(base64);
  });

  it("gets a form with a file", async () => {
    const form = new FormData();
    form.set("name", "Zoé");
    form.set("file", new Blob(["in the file"]), "a.txt");
    expect(JSON.parse(await text("/form", { method: "POST", body: form }))).toEqual({
      name: "Zoé",
      file: { name: "a.txt", text: "in the file" },
    });
  });

  it("takes a body of 5 MB", async () => {
    const big = Buffer.alloc(5_000_000, 7);
    expect((await echo({ method: "POST", body: big })).bytes.length).toBe(Math.ceil(big.length / 3) * 4);
  });

  it("answers with status, headers and a body of any kind", async () => {
    const json = await fetch(`${app}/answers/json`);
    expect(json.status).toBe(201);
    expect(Object.fromEntries(json.headers)).toMatchObject({ "x-own": "1", "content-type": "application/json" });
    expect(await json.json()).toEqual({ a: [1, "é"] });
    expect(await text("/answers/text")).toBe("été");
    expect([...(await (await fetch(`${app}/answers/bytes`)).bytes())]).toEqual([0, 255, 1]);
    expect(await status("/answers/empty")).toBe(204);
    const redirect = await fetch(`${app}/answers/redirect`, { redirect: "manual" });
    expect([redirect.status, redirect.headers.get("location")]).toEqual([302, "/elsewhere"]);
  });

  it("answers 204 when it returns nothing", async () => {
    expect(await status("/answers/nothing")).toBe(204);
  });

  it("sets each cookie in a header of its own", async () => {
    const [a, b] = (await fetch(`${app}/answers/cookies`)).headers.getSetCookie();
    expect(a?.split("; ").sort()).toEqual(["a=1%202", "httponly", "max-age=60", "path=/p", "samesite=lax", "secure"]);
    expect(b).toContain("b=x; expires=Wed, 02 Jan 2030 00:00:00 GMT");
  });

  it("answers 500 when it throws, rejects or returns no response", async () => {
    for (const kind of ["throws", "throwsText", "rejects", "wrong"]) expect(await status(`/answers/${kind}`)).toBe(500);
  });

  it("has not failed when it throws undefined: the real worker tells an error by its value", async () => {
    expect(await status("/answers/throwsNothing")).toBe(204);
  });

  it("is found by route, constraint and method, whatever the case; else 404, for a wrong method too", async () => {
    expect(await text("/")).toBe("the root");
    expect(await text("/ITEMS/12")).toBe("number");
    expect(await text("/items/twelve")).toBe("text");
    expect(await text("/files/a/b%20c")).toBe("path a/b c");
    // As the real host's web server has it: an escaped slash stays one.
    expect(await text("/files/a%2Fb%3Ac")).toBe("path a%2Fb:c");
    expect(await status("/nowhere")).toBe(404);
    expect(await status("/onlyGet", { method: "POST" })).toBe(404);
    expect(await status("/onlyGet", { method: "HEAD" })).toBe(404);
  });

  it("is asked in the order of function names where two routes match", async () => {
    expect(await text("/files/known")).toBe("path known");
  });

  it("is opened by its key in header or query, the master key opens all", async () => {
    const { function: key, master } = platform.keys;
    const withHeader = (key: string) => ({ headers: { "x-functions-key": key } });
    expect(await status("/keyed")).toBe(401);
    expect(await status("/keyed", withHeader("wrong"))).toBe(401);
    expect(await status("/keyed", withHeader(key))).toBe(200);
    expect(await status(`/keyed?code=${key}`)).toBe(200);
    expect(await status(`/keyed?code=${master}`)).toBe(200);
    expect(await status(`/onlyMaster?code=${key}`)).toBe(401);
    expect(await status(`/onlyMaster?code=${master}`)).toBe(200);
  });

  it("never takes the host's own paths", async () => {
    expect(await status("/admin/host/ping")).toBe(200);
    expect(await status("/admin/host/status")).toBe(401);
    expect(await status(`/admin/host/status?code=${platform.keys.master}`)).toBe(200);
    expect(await status("/runtime/webhooks/durabletask/instances/x")).toBe(401);
  });

  it("may take its time while others are served by the same instance", async () => {
    const slow = text("/wait?ms=400");
    const pids = await Promise.all(Array.from({ length: 20 }, () => text("/pid")));
    expect(new Set([...pids, await slow]).size).toBe(1);
  });

  it("answers 500 when its time is up, and its instance is replaced", async () => {
    const before = await text("/pid");
    expect(await status("/answers/never")).toBe(500);
    expect(await text("/pid")).not.toBe(before);
  });

  it.each(["exits", "crashes"])(
    "answers 500 when its process %s under it, and the next call is served",
    async (kind) => {
      const before = await text("/pid");
      expect(await status(`/answers/${kind}`)).toBe(500);
      expect(await text("/pid")).not.toBe(before);
    },
  );

  it("is ended with its instance when it blocks the event loop for good", async () => {
    const before = await text("/pid");
    expect(await status("/answers/loops")).toBe(500);
    expect(await text("/pid")).not.toBe(before);
  });

  it("answers 502 when its whole machine is lost", async () => {
    const lost = status("/wait?ms=60000");
    await until(
      async () => platform.clock.underWay(),
      (busy) => "HTTP request" in busy,
    );
    await until(
      async () => text("/waiting"),
      (count) => count === "1",
    );
    await platform.kill();
    expect(await lost).toBe(502);
  });

  it("gets the headers that host.json adds, unless it sets them itself", async () => {
    const headers = async (path: string) => (await fetch(`${app}${path}`)).headers;
    expect((await headers("/pid")).get("x-content-type-options")).toBe("nosniff");
    expect((await headers("/answers/framed")).get("x-frame-options")).toBe("DENY");
    expect((await headers("/nowhere")).get("x-frame-options")).toBeNull();
  });

  it("keeps the trace of the call that set it off", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const trace = async (headers: Record<string, string>) => (await fetch(`${app}/trace`, { headers })).json();
    expect(await trace({ traceparent, tracestate: "a=1" })).toEqual({
      traceParent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/),
      traceState: "a=1",
    });
    expect(await trace({ traceparent: "nonsense" })).toEqual({
      traceParent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/),
      traceState: "",
    });
  });

  it.each([
    ["a host that is none", "GET /pid HTTP/1.1\r\nhost: a b"],
    ["an address that is none", "GET http://[::bad/pid HTTP/1.1\r\nhost: x"],
    ["no HTTP", "HELLO"],
  ])("is not reached by a request with %s: 400", async (_, head) => {
    const socket = connect(Number(new URL(app).port), "127.0.0.1");
    socket.end(`${head}\r\nconnection: close\r\n\r\n`);
    expect(String(await socket.setEncoding("utf8").toArray())).toMatch(/^HTTP\/1.1 400 /);
  });

  it("loses nothing of the host when a caller hangs up in the middle of a body", async () => {
    const { port } = new URL(app);
    const socket = connect(Number(port), "127.0.0.1");
    socket.write("POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\npart of it");
    await new Promise((wait) => socket.once("connect", wait));
    socket.destroy();
    expect(await status("/echo")).toBe(200);
    await platform.clock.quiet();
  });
});
