import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { startPlatform } from "../../../local/platform/platform.ts";
import { fixtureApp } from "../platform/tiny-app.ts";

const folder = mkdtempSync(join(tmpdir(), "apps-"));
symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
/** Starts an app of these files and answers what it says of itself once it is up. */
async function start(files: Record<string, string>, appDir = join(folder, `app${++made}`)) {
  mkdirSync(appDir, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(appDir, name), text);
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const platform = await startPlatform({
    appDir,
    ports: { app: 0 },
    settings: { "AzureWebJobs.off.Disabled": "true" },
    holdMs: 100,
    log,
  });
  try {
    const failure = await platform.waitUntilReady().then(
      () => undefined,
      (error: Error) => error.message,
    );
    const { status } = await fetch(platform.addresses.app);
    return { failure, status, lines, functions: platform.describe().map((line) => line.split(" ")[0]) };
  } finally {
    await platform.close();
  }
}

describe("an app that can't be loaded", () => {
  it("is reported with its own error, and the platform stays up", async () => {
    const { failure, status } = await start({}, fixtureApp("broken"));
    expect(failure).toContain("this app can't be loaded");
    expect(status).toBe(503);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["without main", { "package.json": "{}" }, /package\.json has no "main": add one .*$/],
    ["whose main fits no file", { "package.json": '{"main":"src/*.js"}' }, /no file matches "main".*"src\/\*\.js"\.$/],
    ["whose package.json is broken", { "package.json": '{"main":' }, /package\.json is no JSON: .*$/],
    ["that registers nothing", { "package.json": '{"main":"a.js"}', "a.js": "1" }, /no function was registered.*$/],
  ])("%s is told in one line what to mend", async (_, files, message) => {
    expect((await start(files)).failure).toMatch(message);
  });

  it("for its code ends the process, is said to have done so", async () => {
    const { failure } = await start({ "package.json": '{"main":"a.js"}', "a.js": "process.exit(0)" });
    expect(failure).toContain("exit code 0");
  });
});

describe("an app of which some functions are in error", () => {
  it("names each in the log with what is wrong, and serves and lists the others", async () => {
    const code = `
      const { app } = require("@azure/functions");
      const http = (name, options) => app.http(name, { authLevel: "anonymous", handler: () => ({}), ...options });
      http("good", { route: "x/{id}" });
      http("rival", { route: "X/{id}" });
      http("bad name", {});
      http("open", { route: "b/{x" });
      http("off", {});
      http("unset", { route: "%NO_SUCH%" });
      app.timer("retried", { schedule: "0 0 * * * *", retry: { strategy: "fixedDelay", maxRetryCount: 1 }, handler: () => {} });
      app.serviceBusQueue("bus", { queueName: "q", connection: "NoBus", retry: { strategy: "fixedDelay", maxRetryCount: 1, delayInterval: 1000 }, handler: () => {} });
    `;
    const { functions, lines } = await start({ "package.json": '{"main":"a.js"}', "a.js": code });
    expect(functions).toEqual(["good"]);
    const errors = lines
      .filter((line) => line.includes(" is in error: "))
      .map((line) => line.replace(/^.*error: Function /, ""));
    expect(errors.sort()).toEqual([
      expect.stringMatching(/^bad name is in error: .*not a valid function name/),
      expect.stringMatching(/^bus is in error: There is no app setting NoBus/),
      expect.stringMatching(/^open is in error: .*"{" without its "}"/),
      expect.stringMatching(/^retried is in error: .*delayInterval/s),
      expect.stringMatching(/^rival is in error: .*function good/),
      expect.stringMatching(/^unset is in error: .*NO_SUCH.*local.settings.json/),
    ]);
    expect(lines.join("\n")).toContain("retry policy of function bus is not used");
  });
});
