import { describe, expect, it } from "@jest/globals";
import { importMark } from "../../../shared/domain/authors.ts";
import type { Change } from "../../../shared/domain/change.ts";
import { judge } from "../../../shared/domain/judge.ts";
import { type RecordTrigger, recordTrigger } from "../../../shared/domain/trigger.ts";
import { caseBody, changeOf, option } from "../wire/payload.ts";
import { NOW } from "./arbitrary.ts";

const CAMILLE = "11111111-aaaa-4aaa-8aaa-000000000001";
const LOADER = "11111111-aaaa-4aaa-8aaa-0000000000ff";

const resolve = changeOf(caseBody({ target: { statecode: option(1) }, pre: { statecode: option(0) } }));
const created = (target: Parameters<typeof caseBody>[0]["target"]): Change =>
  changeOf(caseBody({ message: "Create", target: target ?? {} }));

function trigger(rest: object): RecordTrigger {
  return recordTrigger.parse({
    ...{ kind: "record", slug: "case-resolved", name: "Case resolved", table: "incident" },
    audience: [{ column: "customerid", table: "contact" }],
    ...{ created: true, updated: { columns: ["statecode"] } },
    ...rest,
  });
}
const judged = (on: Change, rest: object) => {
  const verdict = judge(trigger(rest), on, NOW);
  return verdict.kind === "not-fired" ? verdict.failed : verdict.kind;
};

describe("who made a change", () => {
  it("may be one of some users, whoever wrote in whose name, and however the id is written", () => {
    expect(judged(resolve, { by: [CAMILLE.toUpperCase()] })).toBe("fired");
    expect(judged(resolve, { by: [LOADER] })).toBe("other-user");
    expect(judged({ ...resolve, by: LOADER }, { by: [CAMILLE] })).toBe("fired");
  });

  it("may be somebody whose changes fire nothing", () => {
    expect(judged(resolve, { ignore: { users: [CAMILLE] } })).toBe("ignored-user");
    expect(judged({ ...resolve, initiatedBy: LOADER }, { ignore: { users: [LOADER] } })).toBe("ignored-user");
    expect(judged(resolve, { ignore: { users: [LOADER] } })).toBe("fired");
  });

  it("is asked before what the change says, whose values may not have come", () => {
    const big = { ...resolve, oversize: true, written: [], before: {}, after: {} };
    expect(judged(big, { ignore: { users: [CAMILLE] } })).toBe("ignored-user");
    expect(judged(big, {})).toBe("oversize");
  });
});

describe("an import", () => {
  it.each<[string, Change, readonly string[], string | undefined]>([
    ["is what users do of whom the setting says so", resolve, [CAMILLE], "user"],
    ["is what they do in another's name", { ...resolve, by: LOADER }, [CAMILLE], "user"],
    ["is a row that brings the number of its import", created({ importsequencenumber: 12 }), [], "column"],
    ["is a row that brings the time it was migrated from", created({ overriddencreatedon: "/Date(1)/" }), [], "column"],
    ["is what says so of itself", { ...resolve, tag: "import" }, [], "tag"],
    ["is what says which of them it is", { ...resolve, tag: "Import:2026-03" }, [], "tag"],
    ["is not what people do", resolve, [LOADER], undefined],
    [
      "is not what happens later to an imported row",
      { ...resolve, after: { ...resolve.after, importsequencenumber: 12 } },
      [],
      undefined,
    ],
    ["is not what only sounds so", { ...resolve, tag: "important" }, [], undefined],
    ["is not a row whose number is empty", created({ importsequencenumber: null }), [], undefined],
  ])("%s", (_title, change, users, mark) => {
    expect(importMark(change, users)).toBe(mark);
  });

  it("fires where the author did not ask to ignore it, and not where he did", () => {
    const imported: Change = { ...resolve, imported: "user" };
    expect(judged(imported, {})).toBe("fired");
    expect(judged(imported, { ignore: { users: [LOADER] } })).toBe("fired");
    expect(judged(imported, { ignore: { imports: true } })).toBe("import");
    expect(judged(resolve, { ignore: { imports: true } })).toBe("fired");
  });
});
