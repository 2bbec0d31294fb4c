import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Company } from "../../journeys/company.ts";
import { type Stack, startStack } from "../../support/stack.ts";

const JOURNEY = "after-the-case";
const MANY = 120;
/** Of the API's list, and of the page's. */
const PAGE = 50;

interface Listed {
  readonly runs: readonly { readonly run: string; readonly enteredAt: number; readonly bucket: string }[];
  readonly next: string | null;
}

describe("runs, through the API", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack();
    company = await Company.open(stack.http);
    const person = await company.person("Camille");
    for (let n = 0; n < MANY; n += 10) {
      const cases = await Promise.all(Array.from({ length: 10 }, () => company.openCase(person.id)));
      await Promise.all(cases.map((incident) => company.http.resolve(incident)));
    }
    await company.quiet();
  }, 120_000);
  afterAll(() => stack.stop());

  const get = (path: string) => fetch(`${stack.http.at.app}${path}`);
  const post = (path: string, body: unknown) =>
    fetch(`${stack.http.at.app}${path}`, { method: "POST", body: JSON.stringify(body) });
  const list = (query: string) => stack.http.api<Listed>("GET", `/api/runs?journey=${JOURNEY}${query}`);

  it("are listed a page at a time, newest first, each once", async () => {
    const found: Listed["runs"][number][] = [];
    const sizes: number[] = [];
    for (let next: string | null = ""; next !== null; ) {
      const page: Listed = await list(next === "" ? "" : `&next=${encodeURIComponent(next)}`);
      sizes.push(page.runs.length);
      found.push(...page.runs);
      next = page.next;
    }
    expect(sizes).toEqual([PAGE, PAGE, MANY - 2 * PAGE]);
    expect(new Set(found.map(({ run }) => run)).size).toBe(MANY);
    expect(found.map(({ enteredAt }) => enteredAt)).toEqual(
      found.map(({ enteredAt }) => enteredAt).sort((a, b) => b - a),
    );
  });

  it("are listed by state, and a question that makes no sense is told what is missing", async () => {
    expect((await list("&state=goal")).runs).toEqual([]);
    for (const [query, at] of [
      ["", "journey"],
      [`?journey=${JOURNEY}&state=asleep`, "state"],
      [`?journey=${JOURNEY}&next=nonsense`, "next"],
      ["?journey=No%20Such", "journey"],
    ] as const) {
      const refused = await get(`/api/runs${query}`);
      expect({ query, status: refused.status }).toEqual({ query, status: 400 });
      expect(await refused.json()).toEqual({ problems: [{ at, problem: expect.stringMatching(/./) }] });
    }
    expect(await (await get("/api/runs?journey=no-such")).json()).toEqual({ runs: [], next: null });
  });

  it("stand on the status page, a page at a time, under every filter, and the links between the pages lose none", async () => {
    for (const start of ["/", `/?journey=${JOURNEY}`, "/?state=live", `/?journey=${JOURNEY}&state=live`]) {
      const found: string[] = [];
      for (let path: string | undefined = start; path !== undefined; ) {
        const html: string = await (await get(path)).text();
        found.push(...[...html.matchAll(/href="\/runs\/([^"]+)"/g)].map(([, run = ""]) => run));
        path = /href="([^"#]+)#runs" rel="next"/.exec(html)?.[1]?.replaceAll("&amp;", "&");
      }
      expect({ start, runs: found.length, different: new Set(found).size }).toEqual({
        start,
        runs: MANY,
        different: MANY,
      });
    }
  });

  it("are counted on the status page", async () => {
    const html = await (await get("/")).text();
    expect(html).toMatch(new RegExp(`Under way</span> <span class="number">${MANY}<`));
  });

  it("are told what is wrong with a command", async () => {
    const [first] = (await list("")).runs;
    const path = `/api/runs/${encodeURIComponent(first?.run ?? "")}/commands`;
    for (const [command, at] of [
      [{ kind: "dance" }, "kind"],
      [{ kind: "move" }, "step"],
      [{ kind: "move", step: "nowhere" }, "step"],
      [{ kind: "migrate", version: 0 }, "version"],
      [{ kind: "migrate", version: 2 }, "version"],
      [{ kind: "stop", really: true }, "body"],
    ] as const) {
      const refused = await post(path, command);
      expect({ command, status: refused.status }).toEqual({ command, status: 400 });
      expect(await refused.json()).toEqual({ problems: [{ at, problem: expect.stringMatching(/./) }] });
    }
    expect((await post(`/api/journeys/${JOURNEY}/gate`, { state: "ajar" })).status).toBe(400);
  });

  it("are counted by step and outcome", async () => {
    const { totals, version } = await stack.http.api<{ totals: Record<string, number>; version: number }>(
      "GET",
      `/api/journeys/${JOURNEY}/insights`,
    );
    expect(version).toBe(1);
    expect(totals).toMatchObject({ "journey~entered": MANY, "ask~sent": MANY });
    for (const version of ["2", "0", "x"])
      expect((await get(`/api/journeys/${JOURNEY}/insights?version=${version}`)).status).toBe(404);
  });
});

describe("discount codes, decisions and what is parked, through the API", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());

  const status = async (method: string, path: string, body?: unknown): Promise<number> => {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await fetch(`${stack.http.at.app}${path}`, { method, ...content })).status;
  };

  it("codes are added once, however often they are given, and counted", async () => {
    const path = "/api/discount-pools/spring";
    expect(await stack.http.api("POST", `${path}/codes`, { codes: ["A", "B"] })).toEqual({ added: 2 });
    expect(await stack.http.api("POST", `${path}/codes`, { codes: ["B", "C"] })).toEqual({ added: 1 });
    expect(await stack.http.api("GET", path)).toEqual({ free: 3 });
    expect(await status("POST", `${path}/codes`, { codes: [] })).toBe(400);
    expect(await status("POST", `${path}/codes`)).toBe(400);
  });

  it("decisions are asked for by record, and nothing is known of others", async () => {
    expect(await stack.http.api("GET", "/api/decisions?about=incident:00000000-0000-4000-8000-000000000000")).toEqual(
      [],
    );
    expect(await status("GET", "/api/decisions")).toBe(400);
    expect(await status("GET", "/api/decisions?about=incident")).toBe(400);
  });

  it("parked items are listed by kind, and replayed one by one", async () => {
    expect(await stack.http.api("GET", "/api/parked?kind=transient")).toEqual({ parked: [], next: null });
    expect(await status("GET", "/api/parked")).toBe(400);
    expect(await status("GET", "/api/parked?kind=permanent&next=nonsense")).toBe(400);
    expect(await status("POST", "/api/parked/permanent/none/replay")).toBe(404);
    expect(await status("POST", "/api/parked/lost/none/replay")).toBe(404);
  });
});
