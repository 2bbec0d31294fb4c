import { type ExecFileException, execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { SOMEONE } from "../../shared/domain/snippets/sample.ts";
import type { Snippet } from "../../shared/domain/snippets/snippets.ts";
import { Examiner } from "../functions/pages/browser.ts";
import { AWKWARD, PLAIN } from "../shared/domain/snippets/triggers.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { Company, type Run } from "./company.ts";

/** No compiler is left behind that waits for more. */
const NO_SERVER = "-p:UseSharedCompilation=false";
/** Says only what the program says. */
const QUIET_DOTNET = {
  DOTNET_NOLOGO: "1",
  DOTNET_CLI_TELEMETRY_OPTOUT: "1",
  MSBUILDDISABLENODEREUSE: "1",
};
/** Major version of .NET that runs a file without a project. */
const FIRST_TO_RUN_A_FILE = 10;

/** Programs as they stand in the snippets, run as their users run them. */
describe("a trigger's snippets", () => {
  let page: Server;
  let origin: string;
  let folder: string;
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    page = createServer((_request, response) => response.setHeader("content-type", "text/html").end("<p>A shop</p>"));
    await new Promise<void>((resolve) => page.listen(0, "127.0.0.1", resolve));
    origin = `http://localhost:${(page.address() as AddressInfo).port}`;
    folder = mkdtempSync(join(tmpdir(), "parcours-snippets-"));
    const settings = { PARCOURS_INGESTION_KEY: "a secret $key", PARCOURS_BROWSER_ORIGINS: origin };
    stack = await startStack({ settings });
    company = await Company.open(stack.http, 1);
    await company.person("Exemple", { emailaddress1: SOMEONE });
    for (const trigger of [PLAIN, AWKWARD]) {
      await company.publish("triggers", trigger);
      await company.publish("journeys", journeyOf(trigger.slug));
    }
  }, 120_000);
  afterAll(async () => {
    await stack.stop();
    await new Promise((resolve) => page.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  const snippet = async (slug: string, language: Snippet["language"]): Promise<{ file: string; code: string }> => {
    const { snippets } = await stack.http.api<{ snippets: Snippet[] }>("GET", `/api/triggers/${slug}/snippets`);
    const found = snippets.find((one) => one.language === language);
    if (found === undefined) throw new Error(`no snippet for ${language}`);
    const file = join(folder, found.file);
    writeFileSync(file, found.code);
    return { file, code: found.code };
  };
  const runs = async (slug: string): Promise<Run[]> => company.runs(slug, "live");
  /** Runs of the trigger's journey that the program starts. */
  async function startedBy(slug: string, program: () => Promise<unknown>): Promise<number> {
    const before = (await runs(slug)).length;
    await program();
    return (await runs(slug)).length - before;
  }
  const PROGRAMS = [
    ["typescript", true, (file: string) => run(process.execPath, [file])],
    ["python", isThere("python3"), (file: string) => run("python3", [file])],
    ["curl", isThere("curl"), (file: string) => run("sh", [file])],
    ["csharp", isThere("dotnet", FIRST_TO_RUN_A_FILE), (file: string) => run("dotnet", ["run", NO_SERVER, file])],
  ] as const;

  for (const [language, there, program] of PROGRAMS)
    for (const { slug, name } of [PLAIN, AWKWARD])
      (there ? it : it.skip)(
        `in ${language} starts a run as it stands: ${name.slice(0, 6)}`,
        async () => {
          const { file } = await snippet(slug, language);
          let said = "";
          const started = await startedBy(slug, async () => {
            said = await program(file);
          });
          expect(JSON.parse(said)).toEqual({ events: [{ id: expect.any(String), outcome: "accepted" }] });
          expect(started).toBe(1);
        },
        300_000,
      );

  it("in a browser starts a run from a page of an allowed origin, and from no other", async () => {
    const examiner = await Examiner.open();
    try {
      for (const { slug } of [PLAIN, AWKWARD]) {
        const { code } = await snippet(slug, "browser");
        const send = async (from: string): Promise<number> => {
          const tab = await examiner.browser.newPage();
          await tab.goto(from);
          const answer = tab.waitForEvent("requestfinished", (one) => one.method() === "POST");
          const failure = tab.waitForEvent("requestfailed", (one) => one.url().includes("/api/events/"));
          await tab.addScriptTag({ content: code });
          const request = await Promise.race([answer, failure]);
          answer.catch(() => undefined);
          failure.catch(() => undefined);
          const status = request.failure() === null ? ((await request.response())?.status() ?? 0) : 0;
          await tab.close();
          return status;
        };
        expect(await startedBy(slug, async () => expect(await send(origin)).toBe(202))).toBe(1);
        const elsewhere = origin.replace("localhost", "127.0.0.1");
        expect(await startedBy(slug, async () => expect(await send(elsewhere)).toBe(0))).toBe(0);
      }
    } finally {
      await examiner.close();
    }
  }, 120_000);

  it("for Power Automate says the steps, and the action's request starts a run", async () => {
    for (const { slug } of [PLAIN, AWKWARD]) {
      const { code } = await snippet(slug, "power-automate");
      expect(code).toMatch(/^1\. /m);
      const { inputs } = evaluated(JSON.parse(code.slice(code.indexOf("\n{")))) as { inputs: Inputs };
      const { method, uri, headers } = inputs;
      const started = await startedBy(slug, async () => {
        const response = await fetch(uri, { method, headers, body: JSON.stringify(inputs.body) });
        expect(response.status).toBe(202);
      });
      expect(started).toBe(1);
    }
  });

  it("there are none for a trigger of another kind", async () => {
    await expect(stack.http.api("GET", "/api/triggers/order-created/snippets")).rejects.toThrow("404");
    await expect(stack.http.api("GET", "/api/triggers/none-such/snippets")).rejects.toThrow("404");
  });
});

interface Inputs {
  readonly method: string;
  readonly uri: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

/** What the flow's engine makes of the action: the expressions that the recipe uses, and escaped texts. */
function evaluated(action: unknown): unknown {
  const values: Record<string, string> = {
    "@utcNow()": new Date().toISOString(),
    "@workflow()['run']['name']": `08585${Date.now()}`,
    "@parameters('PARCOURS_KEY')": "a secret $key",
  };
  return JSON.parse(JSON.stringify(action), (_key, value) => {
    if (typeof value !== "string") return value;
    if (!value.includes("@") || value === SOMEONE) return value;
    if (value in values) return values[value];
    const text = value.replace(/^@@/, "@").replaceAll("@@{", "@{");
    if (text === value) throw new Error(`an expression that nobody meant: ${value}`);
    return text;
  });
}

function isThere(command: string, major = 0): boolean {
  const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
  return status === 0 && (major === 0 || Number.parseInt(stdout, 10) >= major);
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, PARCOURS_KEY: "a secret $key", NO_COLOR: "1", ...QUIET_DOTNET };
  return new Promise((resolve, reject) =>
    execFile(command, args, { env }, (error: ExecFileException | null, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(`${command}: ${error.message}\n${stdout}\n${stderr}`)),
    ),
  );
}

function journeyOf(slug: string) {
  const steps = { rest: { kind: "wait", duration: "P30D", next: null } };
  return { slug, name: slug, entry: { trigger: slug, reentry: { kind: "always" } }, start: "rest", steps };
}
