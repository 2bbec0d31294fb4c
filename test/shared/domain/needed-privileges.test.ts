import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import {
  ALWAYS_NEEDED,
  checkPrivileges,
  type Depth,
  type Named,
  neededFor,
  USEFUL,
} from "../../../shared/domain/needed-privileges.ts";

const NAMED: Named = new Map([
  ["contact", new Map([["Read", "prvReadContact"] as const, ["Write", "prvWriteContact"] as const])],
  ["sdkmessagefilter", new Map()],
]);
const READ = { table: "contact", rights: ["Read"], why: "people" } as const;

describe("the privileges that Parcours needs", () => {
  it("stand in the guide as they are checked", () => {
    const guide = readFileSync(new URL("../../../docs/connect.md", import.meta.url), "utf8");
    for (const { table, rights, why } of ALWAYS_NEEDED)
      expect(guide).toContain(`| \`${table}\` | ${rights.join(", ").toLowerCase()} | ${why} |`);
    const listed = [...guide.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, table]) => table);
    expect(listed).toEqual(ALWAYS_NEEDED.map(({ table }) => table));
    for (const privilege of USEFUL) expect(guide).toContain(`\`${privilege}\``);
  });

  it("are joined for a table that is needed twice", () => {
    const contact = neededFor(["contact", "incident"], ["contact"]).find(({ table }) => table === "contact");
    expect(contact?.rights).toEqual(["Create", "Read", "Write"]);
    expect(contact?.why).toMatch(/people.*triggers are about it; journeys write it/);
    expect(neededFor(["incident"], []).at(-1)).toMatchObject({ table: "incident", rights: ["Read"] });
  });

  it("are held when they reach the whole organisation, and too narrow below that", () => {
    const held = (depth: Depth) => checkPrivileges([READ], NAMED, new Map([["prvReadContact", depth]]));
    expect(held("Global")).toMatchObject({ lacking: [], absent: [], held: 1 });
    for (const depth of ["Basic", "Local", "Deep"] as const)
      expect(held(depth).lacking).toMatchObject([{ privilege: "prvReadContact", held: depth }]);
    expect(checkPrivileges([READ], NAMED, new Map()).lacking).toMatchObject([{ held: null, right: "Read" }]);
  });

  it("are none on a table that is not there, or whose rights have no privilege", () => {
    const needed = [
      { table: "lead", rights: ["Read"], why: "" },
      { table: "sdkmessagefilter", rights: ["Read"], why: "" },
    ] as const;
    expect(checkPrivileges(needed, NAMED, new Map())).toEqual({
      lacking: [],
      absent: ["lead"],
      held: 0,
      without: USEFUL,
    });
  });
});
