import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Endpoint } from "../../functions/endpoint.ts";
import { declaredEndpoints } from "../functions/api/declared.ts";
import { at, resourcesOf, SETS } from "./snapshots.ts";

const open = JSON.parse(readFileSync("infra/open-paths.json", "utf8")) as string[];

/** A route as App Service's authentication names paths: a star at the end is all that it knows. */
function path({ route }: Endpoint): string {
  return `/${route.replace(/\{.*$/, "*")}`;
}

function covers(excluded: string, route: string): boolean {
  return excluded.endsWith("*") ? route.startsWith(excluded.slice(0, -1)) : route === excluded;
}

describe("sign-in", () => {
  let endpoints: readonly Endpoint[];
  beforeAll(async () => {
    endpoints = await declaredEndpoints();
  });

  it("lets through the routes that have keys or tokens of their own, and those for everybody: infra/open-paths.json", () => {
    const withoutPeople = endpoints.filter(({ role }) => role === "everybody" || role === "keyed").map(path);
    expect(open).toEqual([...new Set(withoutPeople)].sort());
  });

  it("lets nobody through to a route that people need a role for", () => {
    const forPeople = endpoints.filter(({ role }) => role !== "everybody" && role !== "keyed");
    const reached = forPeople.filter((one) => open.some((excluded) => covers(excluded, `/${one.route}`)));
    expect(reached.map(({ name }) => name)).toEqual([]);
  });

  it("leaves the host's own doors shut: nothing of Parcours comes through them", () => {
    for (const excluded of open) expect(excluded).not.toMatch(/^\/(runtime|admin|\.auth|\*|$)/);
  });

  it.each(SETS)("asks everybody else to sign in, and keeps no secret for it, in `%s`", (set) => {
    const [auth] = resourcesOf(set, "Microsoft.Web/sites/config").filter(({ name }) =>
      name.endsWith("/authsettingsV2"),
    );
    expect(auth?.properties).toMatchObject({
      globalValidation: { requireAuthentication: true, excludedPaths: open },
    });
    expect(
      at(auth?.properties, "identityProviders", "azureActiveDirectory", "registration", "clientSecretSettingName"),
    ).toBe(set === "no-sign-in" ? undefined : "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID");
    const settings = resourcesOf(set, "Microsoft.Web/sites/config").find(({ name }) => name.endsWith("/appsettings"));
    const identity = at(settings?.properties, "AZURE_CLIENT_ID");
    const proof = at(settings?.properties, "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID");
    expect(proof).toBe(at(auth?.properties, "platform", "enabled") === true ? identity : undefined);
  });
});
