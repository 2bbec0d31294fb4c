import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { COUNTERS, DISTRIBUTIONS, LEVELS } from "../../shared/ports/measure-names.ts";

interface Alert {
  readonly name: string;
  readonly title: string;
  readonly severity: number;
  readonly query: readonly string[];
  readonly aggregate: string;
  readonly window: string;
  readonly frequency: string;
}

const read = (file: string): string => readFileSync(file, "utf8");
const alerts: Alert[] = JSON.parse(read("infra/modules/alerts.json"));
const workbook = read("infra/modules/workbook.json");
const template = read("infra/modules/alerts.bicep");
/** The bus's own metric has its rule in the template. */
const names = [...alerts.map(({ name }) => name), "dead-letters"].sort();
const runbooks = globSync("docs/runbooks/*.md")
  .map((file) => basename(file, ".md"))
  .sort();

const known: ReadonlySet<string> = new Set([COUNTERS, DISTRIBUTIONS, LEVELS].flatMap((list) => Object.keys(list)));
const named = (text: string): string[] =>
  [...text.matchAll(/'(parcours\.[a-z.]+)'(?!\])/g)].map(([, name]) => name ?? "");
const labelled = (text: string): string[] =>
  [...text.matchAll(/\['parcours\.([a-z]+)'\]/g)].map(([, name]) => name ?? "");

/** What code says beside its numbers. */
const LABELS = [...read("shared/ports/measure-names.ts").matchAll(/^ {2}\| "([a-z]+)"$/gm)].map(
  ([, name]) => name ?? "",
);

describe("each alert", () => {
  it("has its runbook, and each runbook its alert", () => {
    expect(runbooks).toEqual(names);
    expect(template).toContain("/dead-letters.md");
  });

  it.each(names)("%s has a page that says what it means, what to look at and what to do", (name) => {
    const page = read(`docs/runbooks/${name}.md`);
    expect([...page.matchAll(/^#+ .+$/gm)].map(([heading]) => heading).slice(1)).toEqual([
      "## What it means",
      "## What to look at",
      "## What to do",
    ]);
  });

  it("asks for numbers that the code counts, under its labels", () => {
    const queries = [...alerts.flatMap(({ query }) => query), workbook].join("\n");
    expect(named(queries).filter((name) => !known.has(name))).toEqual([]);
    expect(labelled(queries).filter((label) => !LABELS.includes(label))).toEqual([]);
    expect(named(queries).length).toBeGreaterThan(20);
  });

  it("gives one value to each row, as its aggregation wants it", () => {
    for (const { query, aggregate, name } of alerts)
      expect({ name, value: query.at(-1)?.includes("Value =") }).toEqual({ name, value: aggregate !== "Count" });
  });
});

it("every number that the code counts is shown in the workbook or watched by an alert, and written down", () => {
  const shown = [...alerts.flatMap(({ query }) => query), workbook].join("\n");
  const page = read("docs/operations.md");
  for (const name of known)
    expect({ name, described: page.includes(`\`${name}\``) }).toEqual({ name, described: true });
  expect([...known].filter((name) => !shown.includes(name))).toEqual([]);
});

it("every number has a place in the code that tells it", () => {
  const code = globSync(["functions/**/*.ts", "shared/**/*.ts"])
    .filter((file) => !file.endsWith("measure-names.ts"))
    .map(read)
    .join("\n");
  expect([...known].filter((name) => !code.includes(`"${name}"`))).toEqual([]);
});
