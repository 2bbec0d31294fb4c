import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { findBicep } from "../../scripts/bicep.ts";
import { FOLDER, SETS, snapshotOf } from "./snapshots.ts";

const bicep = findBicep();
const TEMPLATES = globSync("infra/**/*.bicep").sort();
const PLACE = [
  "--subscription-id=11111111-1111-1111-1111-111111111111",
  "--tenant-id=22222222-2222-2222-2222-222222222222",
  "--location=westeurope",
  "--deployment-name=parcours",
];
const RENEW = `renew it: npm run infra`;

const text = (file: string) => readFileSync(file, "utf8");

/** Runs the CLI. Whatever it has to say, warnings too, is on stderr. */
function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(bicep ?? "", args, { encoding: "utf8" });
  return { status, stdout, said: stderr.trim() };
}

if (bicep === undefined && process.env.CI === undefined)
  process.stderr.write("There is no Bicep CLI here, nor a dotnet to get it with: the templates are not built.\n");

it("has a Bicep CLI in CI: without one nothing would be built", () => {
  expect(process.env.CI === undefined || bicep !== undefined).toBe(true);
});

(bicep === undefined ? describe.skip : describe)("the templates", () => {
  it("build and lint without a word, every module of them", () => {
    expect(run("lint", "infra/main.bicep")).toEqual({ status: 0, stdout: "", said: "" });
  }, 120_000);

  it("are formatted as the CLI formats", () => {
    const folder = mkdtempSync(join(tmpdir(), "parcours-infra-"));
    try {
      cpSync("infra", folder, { recursive: true });
      expect(run("format", "--pattern", `${folder}/**/*.bicep`).status).toBe(0);
      const unlike = TEMPLATES.filter((file) => text(join(folder, relative("infra", file))) !== text(file));
      expect(unlike).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 120_000);

  it.each(SETS)(
    "resolve with the parameters `%s` to what is checked in",
    (set) => {
      const { status, said } = run("snapshot", `${FOLDER}/${set}.bicepparam`, "--mode", "validate", ...PLACE);
      expect({ status, said, ...(status === 0 ? {} : { RENEW }) }).toEqual({ status: 0, said: "" });
    },
    120_000,
  );

  it("refuse private networking with a bus that has no private endpoints", () => {
    const wrong = "test/fixtures/infra/wrong/standard-private.bicepparam";
    const { status, said } = run("snapshot", wrong, "--mode", "validate", ...PLACE);
    expect(status).not.toBe(0);
    expect(said).toContain("privateNetworking needs serviceBusSku Premium");
  }, 120_000);

  it("take from azd every parameter there is, with the default that it has", () => {
    const { parameters: declared } = JSON.parse(run("build", "infra/main.bicep", "--stdout").stdout) as {
      parameters: Record<string, { type: string; defaultValue?: unknown }>;
    };
    const { parameters: given } = JSON.parse(text("infra/main.parameters.json")) as {
      parameters: Record<string, { value: unknown }>;
    };
    expect(Object.keys(given).sort()).toEqual(Object.keys(declared).sort());
    for (const [name, { type, defaultValue }] of Object.entries(declared)) {
      if (type === "object" || defaultValue === undefined) continue;
      // azd makes a number or a boolean of what it put in.
      const [, otherwise] = /^\$\{[A-Z_]+(?:=(.*))?\}$/.exec(String(given[name]?.value)) ?? [name, "no variable"];
      expect({ [name]: otherwise ?? "" }).toEqual({ [name]: String(defaultValue) });
    }
  }, 120_000);
});

it.each(SETS)("leaves nothing of `%s` that could not be resolved", (set) => {
  expect(snapshotOf(set).diagnostics).toEqual([]);
});
