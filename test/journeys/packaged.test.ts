import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";
import { mainStory } from "./main-story.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

describe("the packaged folder, far from the sources and their node_modules", () => {
  const folder = mkdtempSync(join(tmpdir(), "parcours-package-"));
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    execFileSync(process.execPath, ["scripts/build.ts", "--out", folder], { cwd: ROOT });
    stack = await startStack({ appDir: folder });
    company = await Company.open(stack.http);
  });
  afterAll(async () => {
    await stack?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is few files: one bundle, its source map, host.json and package.json", () => {
    expect(readdirSync(folder).sort()).toEqual(["host.json", "index.mjs", "index.mjs.map", "package.json"]);
  });

  mainStory(() => company);
});
