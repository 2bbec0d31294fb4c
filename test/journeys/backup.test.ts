import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";

interface Page {
  readonly next: string | null;
  readonly [of: string]: unknown;
}

describe("a backup, through the API", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack();
    company = await Company.open(stack.http);
  });
  afterAll(() => stack.stop());

  const pages = async (path: string, of: string): Promise<Record<string, unknown>[]> => {
    const found: Record<string, unknown>[] = [];
    let next: string | null = null;
    do {
      const query = next === null ? "" : `${path.includes("?") ? "&" : "?"}next=${encodeURIComponent(next)}`;
      const page: Page = await stack.http.api<Page>("GET", `${path}${query}`);
      found.push(...(page[of] as Record<string, unknown>[]));
      next = page.next;
    } while (next !== null);
    return found;
  };

  it("holds the company's definitions, and an empty installation has them after it was brought back", async () => {
    const definitions = await pages("/api/export", "definitions");
    expect(definitions.length).toBeGreaterThan(30);
    const empty = await startStack();
    try {
      const body = { format: "parcours-definitions/1", definitions };
      const imported = await empty.http.api<{ definitions: { outcome: string }[] }>("POST", "/api/import", body);
      expect(new Set(imported.definitions.map(({ outcome }) => outcome))).toEqual(new Set(["created"]));
      const back = await empty.http.api<Page>("GET", "/api/export?next=");
      expect(back.definitions).toEqual(definitions);
      const again = await empty.http.api<{ definitions: { outcome: string }[] }>("POST", "/api/import", body);
      expect(new Set(again.definitions.map(({ outcome }) => outcome))).toEqual(new Set(["same"]));
    } finally {
      await empty.stop();
    }
  });

  it("holds each run with its facts, its sends and answers, and why its record's changes fired", async () => {
    const ana = await company.person("Ana");
    const incident = await company.openCase(ana.id);
    await company.http.resolve(incident);
    const [survey] = await company.mailsTo(ana.address);
    await company.answer(survey, { satisfaction: "5", comment: "Bien" });
    await company.quiet();
    const runs = await pages("/api/export/runs?journey=after-the-case&state=completed", "runs");
    const [run] = runs.filter(({ state }) => JSON.stringify(state).includes(incident));
    expect(run).toMatchObject({
      facts: expect.arrayContaining([expect.objectContaining({ kind: "sent", step: "ask" })]),
      sends: expect.arrayContaining([
        expect.objectContaining({
          step: "ask",
          to: ana.address,
          answer: expect.objectContaining({ at: expect.any(Number) }),
        }),
      ]),
      decisions: expect.arrayContaining([expect.objectContaining({ kind: "entry", journey: "after-the-case" })]),
    });
  });

  it("tells what is wrong with what it is given", async () => {
    await expect(stack.http.api("POST", "/api/import", { format: "other", definitions: [] })).rejects.toThrow("400");
    await expect(stack.http.api("GET", "/api/export?next=nothing")).rejects.toThrow("400");
    await expect(stack.http.api("GET", "/api/export/runs?journey=after-the-case&state=live&next=x")).rejects.toThrow(
      "400",
    );
    expect(await pages("/api/export/suppressions", "suppressions")).toEqual([]);
  });
});
