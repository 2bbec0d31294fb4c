import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";

interface Backtest {
  readonly from: string;
  readonly why: string | null;
  readonly times: number;
  readonly people: number;
  readonly busiest: { readonly day: string; readonly times: number } | null;
  readonly doubts: readonly string[];
  readonly list: readonly { readonly record: string; readonly outcome: string; readonly person: string | null }[];
}

const RESOLVED = {
  kind: "record",
  slug: "resolved",
  name: "Resolved",
  table: "incident",
  audience: [{ column: "customerid", table: "contact" }],
  updated: { columns: ["statecode"] },
  condition: { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 },
} as const;

function journey(slug: string, trigger: string, reentry: string) {
  const steps = { tell: { kind: "email", mail: "survey-thanks", next: null } };
  return { slug, name: slug, entry: { trigger, reentry: { kind: reentry } }, start: "tell", steps };
}

describe("a trigger over what already happened", () => {
  let stack: Stack;
  let company: Company;
  let anna: { readonly id: string; readonly address: string };
  let mute: { readonly id: string };
  const cases: string[] = [];
  beforeAll(async () => {
    stack = await startStack();
    company = await Company.open(stack.http);
    anna = await company.person("Anna");
    mute = await company.person("Muet", { emailaddress1: null });
    const old = await company.openCase(anna.id);
    await company.http.advance("PT1M");
    await company.http.resolve(old);
    await company.http.advance("P40D");
    for (const person of [anna.id, anna.id, mute.id]) cases.push(await company.openCase(person));
    await company.openCase(anna.id);
    await company.http.advance("P1D");
    for (const one of cases) await company.http.resolve(one);
    await company.quiet();
    await stack.http.api("PUT", "/api/triggers/resolved", RESOLVED);
  });
  afterAll(() => stack.stop());

  const post = async (path: string, body: object) => {
    const response = await fetch(`${stack.http.at.app}${path}`, { method: "POST", body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const backtest = (days: number) =>
    stack.http.api<Backtest>("POST", "/api/triggers/resolved/backtest", { days, timeZone: "UTC" });

  it("its draft says how often it would have fired, for how many people, and on which day most", async () => {
    const { list, ...numbers } = await backtest(30);
    const day = new Date(await company.http.now()).toISOString().slice(0, 10);
    expect(numbers).toMatchObject({ times: 3, people: 2, busiest: { day, times: 3 } });
    expect(new Set(list.map(({ record }) => record))).toEqual(new Set(cases));
    expect(list.find(({ record }) => record === cases[0])).toMatchObject({ outcome: "reached", person: "Anna Essai" });
    expect(list.find(({ record }) => record === cases[2])).toMatchObject({ outcome: "no-address" });
    expect((await backtest(60)).times).toBe(4);
  });

  it("says what it was computed from, and what that can't tell", async () => {
    const { from, why, doubts } = await backtest(30);
    expect({ from, why }).toEqual({ from: "current-rows", why: "auditing-off" });
    expect(doubts).toEqual(["which-columns", "earlier-updates", "old-values"]);
  });

  it("a draft that is wrong is not tried, but told what is wrong", async () => {
    await stack.http.api("PUT", "/api/triggers/wrong", { ...RESOLVED, slug: "wrong", table: "incidents" });
    expect(await post("/api/triggers/wrong/backtest", {})).toMatchObject({
      status: 400,
      body: { problems: [{ at: "table" }] },
    });
    expect((await post("/api/triggers/nothing/backtest", {})).status).toBe(404);
    expect((await post("/api/triggers/resolved/backtest", { days: 0 })).status).toBe(400);
  });

  describe("catching up", () => {
    const entered = async (slug: string) =>
      (await company.runs(slug, "completed")).map(({ row }) => row.state.entry.record?.id).sort();
    beforeAll(async () => {
      await stack.http.api("POST", "/api/triggers/resolved/publish");
      await company.publish("journeys", journey("thanks", "resolved", "once-per-record"));
      await company.publish("journeys", journey("other", "resolved", "once-per-record"));
    });

    it("enters the chosen records into the chosen journey, and no other", async () => {
      const [first = ""] = cases;
      const unknown = "5c0e1f1a-0000-4000-8000-0000000000ff";
      const answer = await post("/api/triggers/resolved/catch-up", { records: [first, unknown], journey: "thanks" });
      expect(answer).toEqual({ status: 202, body: { published: 1, passedOver: [unknown], complete: true } });
      expect(await entered("thanks")).toEqual([first]);
      expect(await entered("other")).toEqual([]);
    });

    it("of the last days enters all whom the trigger would have met, and nobody twice", async () => {
      for (const _ of [1, 2]) {
        const answer = await post("/api/triggers/resolved/catch-up", { days: 30 });
        expect(answer).toMatchObject({ status: 202, body: { published: 3 } });
        expect(await entered("thanks")).toEqual([...cases].sort());
        expect(await entered("other")).toEqual([...cases].sort());
      }
    });

    it("brings a change that Parcours saw by the change's own event: not even who may always enter does so twice", async () => {
      await company.publish("journeys", journey("always", "support-case-status-updated", "always"));
      const seen = await company.openCase(anna.id);
      await company.http.advance("PT1M");
      await company.http.resolve(seen);
      expect(await entered("always")).toEqual([seen]);
      const path = "/api/triggers/support-case-status-updated/catch-up";
      expect(await post(path, { records: [seen], journey: "always" })).toMatchObject({ body: { published: 1 } });
      expect(await entered("always")).toEqual([seen]);
    });

    it("tells no run that waits for the trigger", async () => {
      const record = cases[1] ?? "";
      const before = (await company.runs("after-the-case", "live", record)).map(({ row }) => row.seq);
      await post("/api/triggers/support-case-status-updated/catch-up", { records: [record] });
      expect((await company.runs("after-the-case", "live", record)).map(({ row }) => row.seq)).toEqual(before);
    });

    it("is refused for what is not published, and for a journey that the trigger does not enter", async () => {
      expect((await post("/api/triggers/wrong/catch-up", { days: 3 })).status).toBe(404);
      const elsewhere = await post("/api/triggers/resolved/catch-up", { days: 3, journey: "after-the-case" });
      expect(elsewhere.status).toBe(404);
      expect((await post("/api/triggers/resolved/catch-up", { days: 31 })).status).toBe(400);
      expect((await post("/api/triggers/resolved/catch-up", {})).status).toBe(400);
    });
  });
});
