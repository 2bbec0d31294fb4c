import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runConnect } from "../../scripts/connect/run.ts";
import { type Stack, startStack } from "../support/stack.ts";

const KEY = "k1:a key of this test";

describe("connecting the whole app", () => {
  let stack: Stack;
  let folder: string;
  beforeAll(async () => {
    stack = await startStack({ settings: { PARCOURS_WEBHOOK_KEY: KEY } });
    folder = mkdtempSync(join(tmpdir(), "connect-"));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await stack.stop();
  });

  async function connect(key: string): Promise<{ code: number; text: string }> {
    const { app, dataverse } = stack.http.at;
    const said: string[] = [];
    const args = ["--environment", new URL(dataverse).origin, "--webhook", `${app}/api/dataverse/webhook`];
    const env = { PATH: "/nowhere", PARCOURS_WEBHOOK_KEY: key };
    const code = await runConnect(args, env, (line) => said.push(stripVTControlCharacters(line)), folder);
    return { code, text: said.join("\n") };
  }

  it("a test change is taken by the app itself", async () => {
    const { code, text } = await connect(KEY);
    expect(text).toContain("✓ test change: Dataverse told it, and Parcours took it");
    expect(code).toBe(0);
  });

  it("a key that the app does not know is found out", async () => {
    const { code, text } = await connect("another key");
    expect(text).toMatch(/✗ test change: .*Status: 401/);
    expect(code).toBe(1);
  });
});
