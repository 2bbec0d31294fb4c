import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Platform, startPlatform } from "../../../local/platform/platform.ts";
import { type Http, recording } from "../durable/conformance/recording.ts";
import { fixtureApp, until } from "./tiny-app.ts";

/** What `worker_startup.json` says of a function, as far as a host shows it. */
interface Indexed {
  readonly functionMetadataResults: readonly {
    readonly name: string;
    readonly bindings: Record<string, { type: string }>;
  }[];
}

describe("the recorded app on the whole platform", () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform({ appDir: fixtureApp("recorded"), ports: { app: 0 }, settings: {} });
    await platform.waitUntilReady();
  });
  afterAll(() => platform.close());

  const ask = async ({ request: { method, url, body } }: Http, key: string) => {
    const here = url.replace(/^http:\/\/[^/]+/, platform.addresses.app).replace("code=KEY", `code=${key}`);
    const headers = { "content-type": "application/json" };
    const init = body === null ? { method } : { method, headers, body: JSON.stringify(body) };
    const response = await fetch(here, init);
    const type = response.headers.get("content-type") ?? "";
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      type,
      body: type.includes("json") ? JSON.parse(text) : text,
    };
  };

  it("answers wrong methods, unknown routes, letters of another case, and asks without a key as recorded", async () => {
    for (const one of recording("http_edges").http) {
      const { status, headers, body } = one.answer;
      const ours = await ask(one, "wrong");
      const what = `${one.request.method} ${one.request.url}`;
      expect([what, ours.status]).toEqual([what, status]);
      const type = headers["content-type"];
      if (type !== undefined) expect([what, ours.type.split(";")[0]]).toEqual([what, type]);
      if (type === "application/json") expect(ours.body).toEqual(body);
    }
  });

  it("serves every function that the recorded worker indexed, with the same trigger", async () => {
    const [, indexed] = recording("worker_startup").worker as unknown as readonly { readonly response: Indexed }[];
    const theirs = indexed?.response.functionMetadataResults ?? [];
    const triggers = theirs.map(({ name, bindings }) => [
      name,
      Object.values(bindings).find(({ type }) => type.endsWith("Trigger"))?.type,
    ]);
    const ours = new Map(platform.describe().map((line) => line.split(/\s+/) as [string, string]));
    expect(triggers.length).toBeGreaterThan(50);
    for (const [name, trigger] of triggers) expect([name, ours.get(name ?? "")]).toEqual([name, trigger]);
  });

  it("takes signals that come at once, each once, in whatever batches", async () => {
    const { http } = recording("entity_batch");
    const signals = http.filter(({ request }) => request.method === "POST");
    const answers = await Promise.all(signals.map((one) => ask(one, platform.keys.durable)));
    expect(answers.map(({ status }) => status)).toEqual(signals.map(({ answer }) => answer.status));
    const read = http.find(({ request }) => request.method === "GET");
    if (read === undefined) throw new Error("the recording reads the entity's state");
    await platform.clock.quiet();
    expect(await ask(read, platform.keys.durable)).toMatchObject({
      status: read.answer.status,
      body: read.answer.body,
    });
  });

  it("lists instances in the recorded form: by id, in pages, with tokens that end with a blank", async () => {
    const hooks = `${platform.addresses.app}/runtime/webhooks/durabletask`;
    const code = `code=${platform.keys.durable}`;
    for (const [n, name] of ["throwsNow", "empty", "waiter", "failCaught", "chain"].entries())
      await fetch(`${hooks}/orchestrators/${name}/list-${n}?${code}`, { method: "POST", body: `{"n":${n}}` });
    await platform.clock.quiet();
    const [first] = recording("list").http;
    if (first === undefined) throw new Error("the recording lists");
    const recorded = first.answer.body as Record<string, unknown>[];
    const page = await ask(first, platform.keys.durable);
    expect([page.status, page.type]).toEqual([first.answer.status, first.answer.headers["content-type"]]);
    const rows = page.body as Record<string, unknown>[];
    expect(rows).toHaveLength(recorded.length);
    for (const row of rows) expect(Object.keys(row)).toEqual(Object.keys(recorded[0] ?? {}));
    const form = /^[A-Za-z0-9+/=]+ $/;
    expect(first.answer.headers["x-ms-continuation-token"]).toMatch(form);
    expect(page.headers.get("x-ms-continuation-token")).toMatch(form);

    const all: string[] = [];
    for (let headers: Record<string, string> = {}, more = true; more; ) {
      const response = await fetch(`${hooks}/instances?${code}&top=2`, { headers });
      all.push(...((await response.json()) as { instanceId: string }[]).map(({ instanceId }) => instanceId));
      const token = response.headers.get("x-ms-continuation-token") ?? "";
      more = token.trim() !== "";
      headers = { "x-ms-continuation-token": token };
    }
    const list = all.filter((id) => id.startsWith("list-"));
    expect(list).toEqual(["list-0", "list-1", "list-2", "list-3", "list-4"]);
    expect(all).toEqual([...all].sort());
  });

  it("ends each run of many that are under way at once, each with its own history", async () => {
    const hooks = `${platform.addresses.app}/runtime/webhooks/durabletask`;
    const code = `code=${platform.keys.durable}`;
    const ids = Array.from({ length: 40 }, (_, n) => `many-${n}`);
    await Promise.all(
      ids.map((id) => fetch(`${hooks}/orchestrators/bench/${id}?${code}`, { method: "POST", body: "null" })),
    );
    const statuses = () =>
      Promise.all(
        ids.map(
          async (id) =>
            ((await (await fetch(`${hooks}/instances/${id}?${code}`)).json()) as { output: unknown }).output,
        ),
      );
    await until(statuses, (all) => all.every((output) => output === "ok"));
  });
});
