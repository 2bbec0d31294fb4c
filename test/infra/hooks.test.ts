import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { APP_ROLES } from "../../infra/hooks/app-registration.ts";
import { ROLES } from "../../shared/use-cases/access.ts";
import { at } from "./snapshots.ts";

interface Directory {
  environment: Record<string, string>;
  applications: Record<string, unknown>[];
  servicePrincipals: Record<string, unknown>[];
  me: object | null;
  forbidden: boolean;
  asked: string[];
  /** Scopes that somebody was let use before they were there. */
  unknownScopes: string[];
}

const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const OUTPUTS = {
  AZURE_ENV_NAME: "contoso",
  AZURE_TENANT_ID: "the-tenant",
  PARCOURS_URL: "https://journeys.contoso.example",
  PARCOURS_DEFAULT_URL: "https://func-1.azurewebsites.net",
  PARCOURS_IDENTITY_PRINCIPAL_ID: "the-identity",
};

describe("the hooks for sign-in", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "parcours-hooks-"));
    file = join(folder, "state.json");
    const me = { id: "me", userPrincipalName: "ada@contoso.example" };
    write({
      environment: {},
      applications: [],
      servicePrincipals: [],
      me,
      forbidden: false,
      asked: [],
      unknownScopes: [],
    });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = () => JSON.parse(readFileSync(file, "utf8")) as Directory;
  const write = (state: Directory) => writeFileSync(file, JSON.stringify(state));
  const change = (changes: Partial<Directory>) => write({ ...read(), asked: [], ...changes });

  /** Runs a step as azd would: with what the azd environment holds. */
  function run(step: "prepare" | "finish", more: Record<string, string> = {}) {
    const env = { ...OUTPUTS, ...read().environment, ...more, STAND_IN_STATE: file };
    const path = [resolve("test/fixtures/infra/bin"), process.env.PATH].join(delimiter);
    const { status, stdout, stderr } = spawnSync(process.execPath, ["infra/hooks/sign-in.ts", step], {
      encoding: "utf8",
      env: { ...env, PATH: path },
    });
    return { status, said: stdout + stderr };
  }

  const deploy = () => [run("prepare"), run("finish")].map(({ status }) => status);

  it("make the registration with its four roles, and no secret: the app's identity is trusted", () => {
    expect(deploy()).toEqual([0, 0]);
    const { applications, environment } = read();
    expect(environment).toEqual({ PARCOURS_SIGN_IN_CLIENT_ID: "client-0" });
    expect(applications).toEqual([
      expect.objectContaining({
        displayName: "Parcours (contoso)",
        signInAudience: "AzureADMyOrg",
        identifierUris: ["api://client-0"],
        appRoles: APP_ROLES,
        api: {
          requestedAccessTokenVersion: 2,
          oauth2PermissionScopes: [expect.objectContaining({ value: "user_impersonation", isEnabled: true })],
          preAuthorizedApplications: [expect.objectContaining({ appId: AZURE_CLI })],
        },
        web: {
          redirectUris: [
            "https://func-1.azurewebsites.net/.auth/login/aad/callback",
            "https://journeys.contoso.example/.auth/login/aad/callback",
          ],
          implicitGrantSettings: { enableIdTokenIssuance: true },
        },
        credentials: [
          {
            id: "credential-0",
            name: "parcours-app",
            issuer: "https://login.microsoftonline.com/the-tenant/v2.0",
            subject: "the-identity",
            audiences: ["api://AzureADTokenExchange"],
          },
        ],
      }),
    ]);
    expect(read().asked.join("\n")).not.toMatch(/addPassword/);
  });

  it("let the Azure CLI ask for tokens, once the scope that it asks for is there", () => {
    deploy();
    const [application] = read().applications;
    const [scope] = at(application, "api", "oauth2PermissionScopes") as { id: string }[];
    expect(at(application, "api", "preAuthorizedApplications")).toEqual([
      { appId: AZURE_CLI, delegatedPermissionIds: [scope?.id] },
    ]);
    expect(read().unknownScopes).toEqual([]);
  });

  it("let nobody in without a role, and make whoever deploys first the administrator", () => {
    deploy();
    const [principal] = read().servicePrincipals;
    expect(principal).toMatchObject({
      appId: "client-0",
      appRoleAssignmentRequired: true,
      assigned: [{ principalId: "me", resourceId: "principal-0", appRoleId: APP_ROLES[3]?.id }],
    });
  });

  it("change nothing when they run again", () => {
    deploy();
    const before = { ...read(), asked: [] };
    change({});
    expect(deploy()).toEqual([0, 0]);
    expect(read().asked.filter((one) => !one.startsWith("GET"))).toEqual([]);
    expect({ ...read(), asked: [] }).toEqual(before);
  });

  it("leave what others added, and mend what is theirs", () => {
    deploy();
    const [application] = read().applications;
    const other = { id: "other", value: "auditor" };
    change({
      applications: [
        {
          ...application,
          appRoles: [other, ...APP_ROLES.slice(1)],
          web: { redirectUris: ["https://elsewhere.example/callback"] },
          credentials: [{ ...(application?.credentials as object[] | undefined)?.[0], subject: "an identity before" }],
        },
      ],
    });
    expect(deploy()).toEqual([0, 0]);
    const [mended] = read().applications;
    expect(mended?.appRoles).toEqual([...APP_ROLES, other]);
    expect(at(mended, "web", "redirectUris")).toHaveLength(3);
    expect(mended?.credentials).toEqual([expect.objectContaining({ id: "credential-0", subject: "the-identity" })]);
  });

  it("take no registration of the same name that somebody else may have made", () => {
    change({ applications: [{ appId: "strange", displayName: "Parcours (contoso)", credentials: [] }] });
    const { status, said } = run("prepare");
    expect(status).toBe(1);
    expect(said).toContain("azd env set PARCOURS_SIGN_IN_CLIENT_ID strange");
    expect(read().applications).toHaveLength(1);
  });

  it("need no rights in Entra ID in a pipeline, once a person has run them", () => {
    deploy();
    change({ forbidden: true });
    expect(deploy()).toEqual([0, 0]);
  });

  it("say what to do where nobody may make a registration", () => {
    change({ forbidden: true });
    const { status, said } = run("prepare");
    expect(status).toBe(1);
    expect(said).toContain("azd env set SIGN_IN off");
    expect(run("prepare", { SIGN_IN: "off" }).status).toBe(0);
    expect(read().applications).toEqual([]);
  });

  it("say how to go on where the registration was deleted", () => {
    deploy();
    change({ applications: [] });
    const { status, said } = run("prepare");
    expect(status).toBe(1);
    expect(said).toContain('azd env set PARCOURS_SIGN_IN_CLIENT_ID ""');
  });

  it("give nobody a role where a pipeline is the first to deploy", () => {
    change({ me: null });
    expect(deploy()).toEqual([0, 0]);
    expect(read().servicePrincipals[0]).toMatchObject({ assigned: [] });
  });

  it("have the roles that the app checks, in the order in which they include each other", () => {
    expect(APP_ROLES.map(({ value }) => value)).toEqual([...ROLES]);
    expect(new Set(APP_ROLES.map(({ id }) => id)).size).toBe(APP_ROLES.length);
  });

  it.each(["preprovision", "postprovision"])("run the same step in both shells: %s", (hook) => {
    const step = (name: string) => /sign-in\.ts (\w+)/.exec(readFileSync(`infra/hooks/${name}`, "utf8"))?.[1];
    expect(step(`${hook}.sh`)).toBe(hook === "preprovision" ? "prepare" : "finish");
    expect(step(`${hook}.ps1`)).toBe(step(`${hook}.sh`));
    expect(statSync(`infra/hooks/${hook}.sh`).mode & 0o111).not.toBe(0);
    expect(spawnSync("sh", ["-n", `infra/hooks/${hook}.sh`]).status).toBe(0);
  });
});
