import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";

interface Backtest {
  readonly from: string;
  readonly why: string | null;
  readonly times: number;
  readonly people: number;
  readonly doubts: readonly string[];
  readonly list: readonly {
    readonly record: string;
    readonly message: string;
    readonly at: string;
    readonly sure: boolean;
    readonly person: string | null;
  }[];
}

const CASE = { kind: "record", table: "incident", audience: [{ column: "customerid", table: "contact" }] };
const compare = (op: string, value: number) => ({ kind: "compare", field: "event.statecode", op, value });
const RESOLVED = {
  ...{ ...CASE, slug: "resolved", name: "Resolved", updated: { columns: ["statecode"] } },
  condition: { kind: "all", of: [compare("changed-from", 0), compare("changed-to", 1)] },
};

describe("a trigger over the history of an organisation that audits", () => {
  let stack: Stack;
  let company: Company;
  let anna: { readonly id: string; readonly address: string };
  let twice: string;
  let gone: string;
  beforeAll(async () => {
    stack = await startStack();
    company = await Company.open(stack.http);
    const { value } = await stack.http.read("organizations?$select=organizationid");
    const [organisation] = value as { organizationid: string }[];
    await stack.http.update("organizations", organisation?.organizationid ?? "", { isauditenabled: true });
    anna = await company.person("Anna");
    twice = await company.openCase(anna.id, { title: "Twice" });
    gone = await company.openCase(anna.id, { title: "Gone" });
    for (const _ of [1, 2]) {
      await stack.http.advance("P1D");
      await stack.http.resolve(twice);
      await stack.http.advance("PT1H");
      await stack.http.update("incidents", twice, { statecode: 0, statuscode: 1 });
    }
    await stack.http.advance("PT1M");
    await stack.http.update("incidents", twice, { title: "Renamed" });
    await stack.http.remove("incidents", gone);
    await company.quiet();
    for (const draft of [RESOLVED, { ...CASE, slug: "gone", name: "Gone", deleted: true }])
      await stack.http.api("PUT", `/api/triggers/${draft.slug}`, draft);
  });
  afterEach(() => stack.http.control("/faults", { dataverse: null }));
  afterAll(() => stack.stop());

  const backtest = (slug = "resolved", days = 30) =>
    stack.http.api<Backtest>("POST", `/api/triggers/${slug}/backtest`, { days, timeZone: "UTC" });
  const lacking = (...lacks: string[]) => stack.http.control("/faults", { dataverse: { lacks: { "*": lacks } } });

  it("counts each change by what it held before and after, though the row is otherwise today", async () => {
    const { list, ...numbers } = await backtest();
    expect(numbers).toMatchObject({ from: "audit", why: null, times: 2, people: 1, doubts: [] });
    expect(list.map(({ record, sure }) => ({ record, sure }))).toEqual([
      { record: twice, sure: true },
      { record: twice, sure: true },
    ]);
    expect(Date.parse(list[0]?.at ?? "")).toBeGreaterThan(Date.parse(list[1]?.at ?? ""));
  });

  it("counts rows that are deleted since, and whom they were about", async () => {
    const { list, times } = await backtest("gone");
    expect(times).toBe(1);
    expect(list).toEqual([
      expect.objectContaining({ record: gone, message: "delete", name: "Gone", person: "Anna Essai" }),
    ]);
  });

  it("says so where the audit of the first days is deleted by now", async () => {
    expect((await backtest("resolved", 90)).doubts).toEqual(["kept-shorter"]);
  });

  it.each(["prvReadAuditSummary", "prvReadRecordAuditHistory"])(
    "without %s takes the rows as they are now, and says why",
    async (privilege) => {
      await lacking(privilege);
      // The last save only renamed it: of the resolutions nothing is left in the row.
      expect(await backtest()).toMatchObject({ from: "current-rows", why: "not-allowed", times: 0 });
    },
  );

  it("enters any change of the list, by the event of its own, and nobody twice", async () => {
    await stack.http.api("POST", "/api/triggers/resolved/publish");
    const steps = { tell: { kind: "email", mail: "survey-thanks", next: null } };
    const entry = { trigger: "resolved", reentry: { kind: "always" } };
    await company.publish("journeys", { slug: "thanks", name: "Thanks", entry, start: "tell", steps } as never);
    const { list } = await backtest();
    const enter = (changes: readonly object[]) =>
      stack.http.api("POST", "/api/triggers/resolved/catch-up", { changes, journey: "thanks" });
    const [latest, first] = list.map(({ record, at }) => ({ record, at }));
    if (latest === undefined || first === undefined) throw new Error("two were expected");
    expect(await enter([first])).toMatchObject({ published: 1, passedOver: [] });
    expect(await company.runs("thanks", "completed")).toHaveLength(1);
    expect(await enter([first, latest])).toMatchObject({ published: 2 });
    expect(await company.runs("thanks", "completed")).toHaveLength(2);
    await enter([first, latest]);
    expect(await company.runs("thanks", "completed")).toHaveLength(2);
    // Lost on the way, and two minutes later the same again, which was seen: two changes, not one.
    const quick = await company.openCase(anna.id, { title: "Quick" });
    await stack.http.control("/faults", { dataverse: { webhook: "vanished" } });
    await stack.http.advance("PT1M");
    await stack.http.resolve(quick);
    await stack.http.advance("PT1M");
    await stack.http.update("incidents", quick, { statecode: 0, statuscode: 1 });
    await stack.http.control("/faults", { dataverse: null });
    await stack.http.advance("PT1M");
    await stack.http.resolve(quick);
    await company.quiet();
    const before = (await company.runs("thanks", "completed")).length;
    const ofQuick = (await backtest()).list.filter(({ record }) => record === quick);
    expect(ofQuick).toHaveLength(2);
    await enter(ofQuick.map(({ record, at }) => ({ record, at })));
    // The one that was seen had entered by itself.
    expect(await company.runs("thanks", "completed")).toHaveLength(before + 1);
    const elsewhen = { record: twice, at: "2026-01-01T00:00:00.000Z" };
    expect(await enter([elsewhen])).toMatchObject({ published: 0, passedOver: [twice] });
  });
});
