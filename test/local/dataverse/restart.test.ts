import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { openApi } from "./api.ts";
import { openReceiver, type Receiver, register } from "./webhook-receiver.ts";

let folder: string;
let receiver: Receiver;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "dataverse-"));
  receiver = await openReceiver();
});
afterEach(async () => {
  await receiver.close();
  rmSync(folder, { recursive: true });
});

describe("an environment in a file", () => {
  it("keeps rows, custom columns and undelivered webhooks over a restart", async () => {
    const file = join(folder, "dataverse.sqlite");
    const first = await openApi({ file });
    await first.call("POST", "EntityDefinitions(LogicalName='contact')/Attributes", {
      "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
      SchemaName: "ab_Shoe",
    });
    const { endpoint } = await register(first, receiver.url, { message: "Create", table: "contact" });
    receiver.hold();
    await first.create("contacts", { lastname: "Kept", ab_shoe: "44" });
    await receiver.arrived(1);
    await first.close();

    const second = await openApi({ file });
    expect(second.dataverse.organizationId).toBe(first.dataverse.organizationId);
    expect(await second.rows("contacts?$select=lastname,ab_shoe&$filter=ab_shoe eq '44'")).toMatchObject([
      { lastname: "Kept" },
    ]);
    expect((await second.call("GET", `serviceendpoints(${endpoint})`)).body.url).toBe(receiver.url);
    await receiver.arrived(2);
    const [before, after] = receiver.deliveries.map(({ text }) => text);
    expect(after).toBe(before);
    await second.close();
  });
});
