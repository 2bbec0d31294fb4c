import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { setUpCompany } from "../../sandbox/company/set-up.ts";
import { type Stack, startStack } from "../support/stack.ts";

describe("the sample company's first day", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ settings: { PARCOURS_REGISTER: "on" } });
    await setUpCompany(stack.http);
  });
  afterAll(() => stack.stop());

  it("Dataverse tells what its triggers need, each table and message once", async () => {
    const shown = await stack.http.api<{ found: { steps: { table: string; message: string }[] }; drift: unknown[] }>(
      "GET",
      "/api/registrations",
    );
    expect(shown.drift).toEqual([]);
    expect(shown.found.steps.map(({ table, message }) => `${message} of ${table}`).sort()).toEqual([
      "Create of ab_demande",
      "Create of incident",
      "Create of lead",
      "Create of salesorder",
      "Update of ab_demande",
      "Update of contact",
      "Update of contract",
      "Update of incident",
      "Update of salesorder",
    ]);
  });
});
