import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { Client } from "../../sandbox/client.ts";
import { publish } from "../../sandbox/definitions.ts";
import { type Stack, startStack } from "../support/stack.ts";

interface Shown {
  readonly found: { readonly endpoint: { readonly id: string; readonly url: string } | null };
  readonly drift: readonly object[];
  readonly failing: { readonly kind: string; readonly problem: string; readonly count: number } | null;
}

const RESOLVED = {
  kind: "record",
  slug: "case-resolved",
  name: "Case resolved",
  table: "incident",
  audience: [{ column: "customerid", table: "contact" }],
  updated: { columns: ["statecode"] },
};
/** Nobody listens on this port. */
const NOWHERE = "http://127.0.0.1:9/api/dataverse/webhook";

const shown = (http: Client) => http.api<Shown>("GET", "/api/registrations");

async function resolvedCase(http: Client): Promise<string> {
  const contact = await http.create("contacts", { lastname: "Essai", emailaddress1: "essai@example.com" });
  const incident = await http.create("incidents", {
    title: "Le frein grince",
    "customerid_contact@odata.bind": `/contacts(${contact})`,
  });
  await http.resolve(incident);
  await http.advance("PT0S");
  return incident;
}

describe("what keeps Dataverse from telling, said where one looks for it", () => {
  let stack: Stack;
  let http: Client;
  beforeAll(async () => {
    stack = await startStack({ settings: { PARCOURS_REGISTER: "on" } });
    http = stack.http;
  });
  afterEach(() => http.control("/faults", { dataverse: null }));
  afterAll(() => stack.stop());

  const lacking = (...lacks: string[]) => http.control("/faults", { dataverse: { lacks: { "*": lacks } } });
  const save = (slug: string) => http.api("PUT", `/api/triggers/${slug}`, { ...RESOLVED, slug });

  it("nothing, while all is well", async () => {
    await publish(http, "triggers", RESOLVED);
    await resolvedCase(http);
    expect(await shown(http)).toMatchObject({ drift: [], failing: null });
  });

  it("a key that somebody changed: an operator has it mended, and changes come again", async () => {
    const { found } = await shown(http);
    const authvalue = '<settings><setting name="x-parcours-key" value="another"/></settings>';
    await http.update("serviceendpoints", found.endpoint?.id ?? "", { authvalue });
    await resolvedCase(http);
    const { failing } = await shown(http);
    expect(failing).toMatchObject({ kind: "key-wrong", count: 1 });
    expect(failing?.problem).toMatch(/key that Parcours does not know: mend the registrations/);
    await http.api("POST", "/api/registrations/mend");
    const incident = await resolvedCase(http);
    const decisions = await http.api("GET", `/api/decisions?about=incident:${incident}`);
    expect(decisions).toEqual([expect.objectContaining({ kind: "change", fired: ["case-resolved"] })]);
  });

  it("a privilege to register: by its name, with what to do, before anything was published", async () => {
    await http.api("PUT", "/api/triggers/on-order", {
      ...{ ...RESOLVED, slug: "on-order", table: "salesorder" },
    });
    await lacking("prvCreateSdkMessageProcessingStep");
    await expect(http.api("POST", "/api/triggers/on-order/publish")).rejects.toThrow(
      /502 .*Parcours may not register on salesorder: the privilege Create on SdkMessageProcessingStep is missing .*docs\/connect\.md/,
    );
    expect(await http.api("GET", "/api/triggers/on-order")).toMatchObject({ published: null });
  });

  it("a privilege to read the table, or its people: at Ready to use, not at the first event", async () => {
    await save("unread");
    for (const [privilege, right] of [
      ["prvReadIncident", "Read on Incident"],
      ["prvReadContact", "Read on Contact"],
    ] as const) {
      await lacking(privilege);
      await expect(http.api("POST", "/api/triggers/unread/publish")).rejects.toThrow(
        new RegExp(`502 .*the privilege ${right} is missing`),
      );
    }
  });
});

it("a webhook that Dataverse does not reach is said with its address, and what to set", async () => {
  const stack = await startStack({ settings: { PARCOURS_REGISTER: "on", PARCOURS_WEBHOOK_URL: NOWHERE } });
  try {
    await publish(stack.http, "triggers", RESOLVED);
    await resolvedCase(stack.http);
    const { failing } = await shown(stack.http);
    expect(failing).toMatchObject({ kind: "unreachable", count: 1 });
    expect(failing?.problem).toContain(`does not reach ${NOWHERE}`);
    expect(failing?.problem).toContain("PARCOURS_WEBHOOK_URL");
  } finally {
    await stack.stop();
  }
});
