import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { at } from "./snapshots.ts";

const text = (file: string) => readFileSync(file, "utf8");
const azd = parse(text("azure.yaml")) as unknown;
const ci = parse(text(".github/workflows/ci.yml")) as unknown;
const deploy = parse(text(".github/workflows/azure-dev.yml")) as unknown;

/** What main.parameters.json asks of the azd environment, and the one that only a hook reads. */
const VARIABLES = [...text("infra/main.parameters.json").matchAll(/\$\{([A-Z_]+)/g)]
  .map(([, name]) => name)
  .concat("SIGN_IN");
/** What `azd pipeline config` sets by itself. */
const BY_AZD = ["AZURE_CLIENT_ID", "AZURE_ENV_NAME", "AZURE_LOCATION", "AZURE_SUBSCRIPTION_ID", "AZURE_TENANT_ID"];

function stepsOf(workflow: unknown): Record<string, unknown>[] {
  const jobs = Object.values((at(workflow, "jobs") ?? {}) as Record<string, unknown>);
  return jobs.flatMap((job) => (at(job, "steps") ?? []) as Record<string, unknown>[]);
}

describe("azure.yaml", () => {
  it("deploys what the build makes, as it is", () => {
    expect(at(azd, "services", "api")).toEqual({
      project: ".",
      language: "ts",
      host: "function",
      dist: "dist/app",
      remoteBuild: false,
    });
    // azd refuses a local build whose ignore file leaves out node_modules, and reads the one beside azure.yaml.
    expect(text(".funcignore")).not.toMatch(/^\/?node_modules/m);
    expect(text(".funcignore")).not.toMatch(/^\/?(dist|\*\.mjs|host\.json|package\.json)/m);
    expect(text("scripts/build.ts")).toContain('"dist/app"');
  });

  it("has each hook for both shells, at a place that exists", () => {
    const hooks = Object.entries(at(azd, "hooks") as Record<string, unknown>);
    expect(hooks.map(([name]) => name)).toEqual(["preprovision", "postprovision"]);
    for (const [, hook] of hooks) {
      expect(hook).toMatchObject({ posix: { shell: "sh" }, windows: { shell: "pwsh" } });
      expect(existsSync(String(at(hook, "posix", "run")))).toBe(true);
      expect(existsSync(String(at(hook, "windows", "run")))).toBe(true);
    }
  });

  it("hands a pipeline every variable that the templates take", () => {
    const variables = at(azd, "pipeline", "variables") as string[];
    expect([...variables].sort()).toEqual(VARIABLES.filter((name) => !BY_AZD.includes(String(name))).sort());
    expect(at(azd, "pipeline", "secrets")).toBeUndefined();
  });
});

describe("the workflows", () => {
  it("lint, test and build the templates before anything is deployed", () => {
    const commands = stepsOf(ci).map(({ run }) => String(run));
    for (const command of ["npm run check", "npm run test:only", "npm run test:only -- test/infra"])
      expect(commands.some((one) => one.startsWith(command))).toBe(true);
    expect(at(deploy, "jobs", "ci", "uses")).toBe("./.github/workflows/ci.yml");
    expect(at(ci, "on")).toHaveProperty("workflow_call");
    expect(at(ci, "on")).toHaveProperty("pull_request");
    expect(at(deploy, "jobs", "deploy", "needs")).toBe("ci");
  });

  it("run only scripts that there are", () => {
    const { scripts } = JSON.parse(text("package.json")) as { scripts: Record<string, string> };
    for (const { run } of [...stepsOf(ci), ...stepsOf(deploy)])
      for (const [, script] of String(run ?? "").matchAll(/npm run (?:-s |--silent )?([\w:-]+)/g))
        expect(scripts).toHaveProperty([String(script)]);
    expect(existsSync("scripts/ensure-installed.mjs")).toBe(true);
  });

  it("are where azd looks for the one that deploys, and give it the variables that azd sets", () => {
    const env = at(deploy, "jobs", "deploy", "env") as Record<string, string>;
    expect(Object.keys(env).sort()).toEqual([...new Set([...BY_AZD, ...VARIABLES])].sort());
    for (const [name, value] of Object.entries(env)) expect(value).toBe(`\${{ vars.${name} }}`);
  });

  it("sign in by a federated credential, with no more rights than that needs, and no secret", () => {
    expect(at(deploy, "permissions")).toEqual({ contents: "read" });
    expect(at(ci, "permissions")).toEqual({ contents: "read" });
    expect(at(deploy, "jobs", "deploy", "permissions")).toEqual({ "id-token": "write", contents: "read" });
    const commands = stepsOf(deploy).map(({ run }) => String(run));
    expect(commands.some((one) => /azd auth login .*--federated-credential-provider github/.test(one))).toBe(true);
    for (const file of ["ci", "azure-dev"]) expect(text(`.github/workflows/${file}.yml`)).not.toContain("secrets.");
  });

  it("provision before they deploy, and ask the app whether it is there", () => {
    const commands = stepsOf(deploy).flatMap(({ run }) => (run === undefined ? [] : [String(run)]));
    const order = ["azd auth login", "azd provision --no-prompt", "azd deploy --no-prompt", "/api/health"].map((what) =>
      commands.findIndex((one) => one.includes(what)),
    );
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
  });

  it("let one deployment end before the next begins, and nothing run for ever", () => {
    expect(at(deploy, "concurrency", "cancel-in-progress")).toBe(false);
    for (const workflow of [ci, deploy])
      for (const job of Object.values(at(workflow, "jobs") as Record<string, unknown>))
        expect(at(job, "uses") !== undefined || typeof at(job, "timeout-minutes") === "number").toBe(true);
  });
});
