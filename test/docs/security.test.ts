import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";

const page = readFileSync("docs/security.md", "utf8");

describe("the page on security", () => {
  it("says of every table what it holds and how long", () => {
    const tables = globSync("shared/stores/*.ts").flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/^const (?:TABLE|SPILL|PARKED) = "(\w+)"/gm)].map(([, name]) => name),
    );
    expect(tables.length).toBeGreaterThan(15);
    const rows = page.slice(page.indexOf("## Data"));
    expect([...new Set(tables)].filter((name) => !new RegExp(`\\b${name}\\b`).test(rows))).toEqual([]);
  });

  it("names tests and files that there are", () => {
    const named = [...page.matchAll(/`((?:test|functions|shared|docs)\/[\w./-]+|[\w-]+\.test\.ts)`/g)].map(
      ([, name = ""]) => name,
    );
    expect(named.length).toBeGreaterThan(15);
    const missing = named.filter((name) => globSync(name.includes("/") ? name : `test/**/${name}`).length === 0);
    expect(missing).toEqual([]);
  });
});
