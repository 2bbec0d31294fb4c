import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type Outside, runDeliverability, USAGE } from "../../scripts/deliverability/run.ts";
import type { MailDomainState } from "../../shared/domain/deliverability.ts";

const STATE: MailDomainState = {
  managed: false,
  domain: "boreal.example",
  tracking: true,
  states: { SPF: "NotStarted" },
  records: { SPF: { type: "TXT", name: "boreal.example", value: "v=spf1 include:spf.protection.outlook.com -all" } },
  senders: [],
};

describe("npm run deliverability", () => {
  let folder: string;
  let said: string[];
  let ids: (string | undefined)[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "deliverability-"));
    said = [];
    ids = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const outside = (state: MailDomainState | string, dns: readonly string[] = ["v=spf1 -all"]): Outside => ({
    mailDomain: (id) => {
      ids.push(id);
      return { read: async () => state };
    },
    dns: { lookUp: async () => dns },
  });
  const run = (args: readonly string[], from: Outside) =>
    runDeliverability(args, { PATH: "/nowhere" }, (line) => void said.push(line), folder, from);

  it("shows what is wrong, the record to set and what stands there now, and the capacity", async () => {
    expect(await run(["--mails", "200"], outside(STATE))).toBe(1);
    expect(said).toEqual(
      expect.arrayContaining([
        "domain boreal.example, managed by you",
        "✗ SPF: the record lacks include:spf.protection.outlook.com",
        "    set  TXT  boreal.example  v=spf1 include:spf.protection.outlook.com -all",
        "    now  v=spf1 -all",
        "✓ sender: mails come from donotreply@boreal.example",
        "    200 mails take 2 hours",
      ]),
    );
  });

  it("knows the domain and the sender from what was deployed", async () => {
    const Values = { PARCOURS_MAIL_DOMAIN_ID: "/subscriptions/s/domains/d", PARCOURS_SENDER: "other@boreal.example" };
    writeFileSync(join(folder, "local.settings.json"), JSON.stringify({ Values }));
    await run(["--json"], outside(STATE));
    expect(ids).toEqual(["/subscriptions/s/domains/d"]);
    expect(JSON.parse(said.join("\n"))).toMatchObject({ sender: "other@boreal.example", notMeasured: null });
  });

  it("puts the domain's id together from what azd knows", async () => {
    const Values = {
      ...{
        AZURE_SUBSCRIPTION_ID: "s",
        AZURE_RESOURCE_GROUP: "g",
        AZURE_EMAIL_SERVICE: "e",
        AZURE_EMAIL_DOMAIN: "d.example",
      },
      ...{ MAIL_DOMAIN: "d.example", MAIL_SENDER_NAME: "hello" },
    };
    writeFileSync(join(folder, "local.settings.json"), JSON.stringify({ Values }));
    await run(["--json"], outside(STATE));
    expect(ids).toEqual([
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.Communication/emailServices/e/domains/d.example",
    ]);
    expect(JSON.parse(said.join("\n")).sender).toBe("hello@d.example");
  });

  it("says on one's own machine that nothing was measured, and shows no state", async () => {
    expect(await run([], outside("not measured here: PARCOURS_MAIL_DOMAIN_ID names no mail domain"))).toBe(0);
    expect(ids).toEqual([undefined]);
    expect(said[0]).toBe("? domain: not measured here: PARCOURS_MAIL_DOMAIN_ID names no mail domain");
    expect(said.join("\n")).toContain("200 mails take 20 hours");
    expect(said.join("\n")).not.toMatch(/✓|✗/);
  });

  it("refuses a command line that makes no sense, and explains itself", async () => {
    expect(await run(["--mails", "many"], outside(STATE))).toBe(2);
    expect(await run(["--colour", "red"], outside(STATE))).toBe(2);
    expect(await run(["--help"], outside(STATE))).toBe(0);
    expect(said.at(-1)).toBe(USAGE);
  });
});
