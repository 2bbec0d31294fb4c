import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Platform, startPlatform } from "../../../local/platform/platform.ts";
import { fixtureApp, until } from "../platform/tiny-app.ts";

describe("a CommonJS app of several files with hooks", () => {
  let platform: Platform;
  let lines: string[];
  beforeAll(async () => {
    lines = [];
    const log = (line: string) => lines.push(line);
    platform = await startPlatform({ appDir: fixtureApp("hooks"), ports: { app: 0 }, settings: {}, log });
    await platform.waitUntilReady();
  });
  afterAll(() => platform.close());

  const text = async (path: string) => (await fetch(`${platform.addresses.app}/api/${path}`)).text();
  /** What a function logs in one call; its console says when all has come, the rest comes by another way. */
  const linesOf = async (name: string, count: number) => {
    lines.length = 0;
    expect(await text(name)).toMatch(/^[0-9a-f-]{36}$/);
    const prefix = `[app 1.1] ${name} `;
    const own = () => lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
    await until(
      async () => [...lines],
      (all) => all.some((line) => line.includes("from the console")) && own().length >= count,
    );
    return own();
  };

  it("runs start, pre and post hooks in their order, sharing data", async () => {
    await text("changed");
    expect(JSON.parse(await text("heard"))).toEqual([
      "appStart",
      "pre changed",
      "post pre fine",
      "pre heard",
      "post pre fine",
    ]);
  });

  it("lets a hook change what a function is given and what it answers", async () => {
    expect(await text("changed")).toBe("other input");
    expect(await text("rescued")).toBe("rescued");
  });

  it("shows a hook what was thrown as it was thrown", async () => {
    expect(await text("text")).toBe("saw a text");
  });

  it("logs from the level information up, and a log hook may change a line", async () => {
    expect(await linesOf("plain", 4)).toEqual([
      "information: an info",
      "warning: a warning",
      "error: an error { with: 'an object' }",
      "information: (hidden)",
    ]);
  });

  it("logs as host.json says for one function", async () => {
    expect(await linesOf("quiet", 1)).toEqual(["error: an error { with: 'an object' }"]);
    expect((await linesOf("chatty", 6)).slice(0, 2)).toEqual(["trace: a trace", "debug: a debug"]);
  });

  it("runs the termination hook when the instance is stopped in order", async () => {
    await platform.setInstances(0);
    await until(
      async () => lines,
      (all) => all.some((line) => line.includes("appTerminate ran")),
    );
  });
});

describe("an app with HTTP streams", () => {
  let platform: Platform;
  const lines: string[] = [];
  beforeAll(async () => {
    const log = (line: string) => lines.push(line);
    platform = await startPlatform({ appDir: fixtureApp("streams"), ports: { app: 0 }, settings: {}, log });
    await platform.waitUntilReady();
  });
  afterAll(() => platform.close());

  it("answers while the request is still coming in", async () => {
    let send: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        send = controller;
        controller.enqueue(Buffer.from("one "));
      },
    });
    const request = { method: "POST", body, duplex: "half" } as RequestInit;
    const response = await fetch(`${platform.addresses.app}/api/double/w?q=1`, request);
    expect([response.headers.get("x-word"), response.headers.get("x-q")]).toEqual(["w", "1"]);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe("one one ");
    send?.enqueue(Buffer.from("two "));
    expect((await reader?.read())?.value).toBe("two two ");
    send?.close();
    expect((await reader?.read())?.done).toBe(true);
  });

  const told = (what: string) =>
    until(
      async () => lines,
      (all) => all.some((line) => line.includes(what) && line.includes("in Azure its caller gets no answer")),
    );

  it("answers 500 when the function throws before its answer, and says that Azure does not", async () => {
    expect((await fetch(`${platform.addresses.app}/api/throws`)).status).toBe(500);
    await told("throws warning: The function threw");
  });

  it("gives no answer where the function returned none, as in Azure, and says why", async () => {
    const stop = new AbortController();
    const call = fetch(`${platform.addresses.app}/api/nothing`, { signal: stop.signal });
    call.catch(() => undefined);
    await told("nothing warning: The function returned nothing");
    stop.abort();
    await expect(call).rejects.toThrow();
  });
});
