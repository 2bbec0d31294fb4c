import { describe, expect, it } from "@jest/globals";
import type { MailDomainState } from "../../../shared/domain/deliverability.ts";
import { readDeliverability } from "../../../shared/use-cases/read-deliverability.ts";
import { deliverability } from "../../../shared/wire/deliverability.ts";

const DOMAIN = "mail.boreal.example";
const SELECTOR = "selector1-azurecomm-prod-net._domainkey";
const OWN: MailDomainState = {
  managed: false,
  domain: DOMAIN,
  tracking: true,
  states: { Domain: "Verified", SPF: "Verified", DKIM: "Verified", DKIM2: "Verified", DMARC: "NotStarted" },
  records: {
    Domain: { type: "TXT", name: DOMAIN, value: "ms-domain-verification=1" },
    SPF: { type: "TXT", name: DOMAIN, value: "v=spf1 include:spf.protection.outlook.com -all" },
    DKIM: { type: "CNAME", name: SELECTOR, value: `${SELECTOR}.azurecomm.net` },
    DKIM2: { type: "CNAME", name: "selector2._domainkey", value: "selector2._domainkey.azurecomm.net" },
  },
  senders: ["hello"],
};
const ZONE: Record<string, readonly string[]> = {
  [`TXT ${DOMAIN}`]: ["ms-domain-verification=1", "v=spf1 include:spf.protection.outlook.com -all"],
  [`CNAME ${SELECTOR}.${DOMAIN}`]: [`${SELECTOR}.azurecomm.net`],
  [`CNAME selector2._domainkey.${DOMAIN}`]: ["Selector2._domainkey.azurecomm.net."],
  [`TXT _dmarc.${DOMAIN}`]: ["v=DMARC1; p=quarantine"],
};

/** What is found for a domain of this state, in this zone; null: no DNS at all. */
async function found(
  state: Partial<MailDomainState> = {},
  zone: typeof ZONE | null = ZONE,
  sender = `hello@${DOMAIN}`,
) {
  const asked: string[] = [];
  const answer = await readDeliverability(
    {},
    {
      mailDomain: { read: async () => ({ ...OWN, ...state }) },
      dns: {
        lookUp: async (type, name) => {
          asked.push(`${type} ${name}`);
          return zone === null ? null : (zone[`${type} ${name}`] ?? []);
        },
      },
      settings: { sender },
    },
  );
  expect(deliverability.parse(answer)).toEqual(answer);
  const of = (what: string) => answer.checks.find((check) => check.what === what);
  return { answer, asked, of, states: Object.fromEntries(answer.checks.map(({ what, state: is }) => [what, is])) };
}
const FINE = {
  Domain: "fine",
  SPF: "fine",
  DKIM: "fine",
  DKIM2: "fine",
  DMARC: "fine",
  sender: "fine",
  engagement: "fine",
};

describe("a domain of one's own", () => {
  it("is fine where Azure verified it and DNS holds every record still", async () => {
    expect((await found()).states).toEqual(FINE);
  });

  it("names the records to copy, and what stands there instead", async () => {
    const states = { ...OWN.states, DKIM: "NotStarted", SPF: "NotStarted" };
    const zone = {
      ...ZONE,
      [`TXT ${DOMAIN}`]: ["ms-domain-verification=1"],
      [`CNAME ${SELECTOR}.${DOMAIN}`]: ["x.example"],
    };
    const { of } = await found({ states }, zone);
    expect(of("SPF")).toEqual({
      what: "SPF",
      state: "wrong",
      says: "there is no record",
      record: OWN.records.SPF,
      found: ["ms-domain-verification=1"],
    });
    expect(of("DKIM")).toMatchObject({ state: "wrong", says: "it points to x.example", record: OWN.records.DKIM });
  });

  it("waits for Azure where the record is right, and Azure has not looked yet", async () => {
    const { of } = await found({ states: { ...OWN.states, DKIM: "VerificationInProgress" } });
    expect(of("DKIM")).toMatchObject({ state: "waiting", says: expect.stringContaining("VerificationInProgress") });
  });

  it("is wrong where a record that Azure verified once is gone", async () => {
    const { of } = await found({}, { ...ZONE, [`CNAME ${SELECTOR}.${DOMAIN}`]: [] });
    expect(of("DKIM")).toMatchObject({
      state: "wrong",
      says: "there is no such record, though Azure verified it once",
    });
  });

  it.each([
    [["v=spf1 include:spf.protection.outlook.com include:other.example -all"], "fine"],
    [["V=SPF1 INCLUDE:spf.protection.outlook.com -ALL"], "fine"],
    [["v=spf1 include:spf.protection.outlook.com ~all"], "wrong"],
    [["v=spf1 include:other.example -all"], "wrong"],
    [["v=spf1 include:spf.protection.outlook.com -all", "v=spf1 -all"], "wrong"],
    [["v=spf10 include:spf.protection.outlook.com -all"], "wrong"],
  ])("with the SPF records %j is %s", async (records, state) => {
    const { of } = await found({}, { ...ZONE, [`TXT ${DOMAIN}`]: records });
    expect(of("SPF")?.state).toBe(state);
  });

  it("needs a DMARC record of its own or of the domain above it; Azure asks for none", async () => {
    const without = { ...ZONE, [`TXT _dmarc.${DOMAIN}`]: [] };
    expect((await found({}, without)).of("DMARC")).toMatchObject({
      state: "wrong",
      record: { type: "TXT", name: `_dmarc.${DOMAIN}`, value: expect.stringMatching(/^v=DMARC1; p=none; rua=mailto:/) },
    });
    const above = { ...without, "TXT _dmarc.boreal.example": ["v=DMARC1; p=none"] };
    expect((await found({}, above)).of("DMARC")).toMatchObject({
      state: "fine",
      says: "there, with the policy none: forgeries are told of, and let through",
    });
    expect((await found({}, above)).asked).not.toContain("TXT _dmarc.example");
  });

  it("says what it does not know where DNS can't be asked, and never calls it fine for that", async () => {
    const states = { ...OWN.states, SPF: "NotStarted" };
    expect((await found({ states }, null)).states).toMatchObject({
      DKIM: "fine",
      SPF: "not-measured",
      DMARC: "not-measured",
    });
  });

  it.each([
    [`donotreply@${DOMAIN}`, "fine"],
    [`HELLO@${DOMAIN}`, "fine"],
    [`other@${DOMAIN}`, "wrong"],
    ["hello@boreal.example", "wrong"],
  ])("that sends as %s is %s", async (sender, state) => {
    expect((await found({}, ZONE, sender)).of("sender")?.state).toBe(state);
  });

  it("says that nothing tells of opens and clicks where tracking is off", async () => {
    expect((await found({ tracking: false })).of("engagement")).toMatchObject({ state: "off" });
  });

  it("has room for 100 mails an hour, and says that this is assumed of nobody who asked for more", async () => {
    const { capacity } = (await found()).answer;
    expect(capacity).toMatchObject({ perMinute: 30, perHour: 100 });
    expect(capacity.basis).toContain("until Microsoft raises it");
    expect(capacity.takes).toContainEqual({ mails: 200, minutes: 120, says: "200 mails take 2 hours" });
  });
});

describe("a domain that Azure manages", () => {
  const managed = {
    managed: true,
    domain: "x.azurecomm.net",
    states: { Domain: "Verified", SPF: "Verified" },
    records: {},
    senders: [],
  };

  it("needs no record, and DNS is not asked", async () => {
    const { states, asked, answer } = await found(managed, null, "donotreply@x.azurecomm.net");
    expect(states).toMatchObject({
      Domain: "fine",
      SPF: "fine",
      DKIM: "not-measured",
      sender: "fine",
      engagement: "off",
    });
    expect(asked).toEqual([]);
    expect(answer.checks.every(({ record }) => record === null)).toBe(true);
  });

  it("takes no other sender than donotreply", async () => {
    expect((await found(managed, null, "hello@x.azurecomm.net")).of("sender")).toMatchObject({
      state: "wrong",
      says: expect.stringContaining("takes no other name than donotreply"),
    });
  });

  it("lets 200 surveys take 20 hours", async () => {
    expect((await found(managed)).answer.capacity.takes).toContainEqual({
      mails: 200,
      minutes: 1_200,
      says: "200 mails take 20 hours",
    });
  });
});

describe("where nothing is known of the domain", () => {
  const read = (asked = {}) =>
    readDeliverability(asked, {
      mailDomain: { read: async () => "not measured here" },
      dns: { lookUp: async () => null },
      settings: { sender: "a@b.example" },
    });

  it("it says so, and makes up no state", async () => {
    expect(await read()).toMatchObject({ domain: null, notMeasured: "not measured here", checks: [] });
  });

  it("the capacity is an assumption, and called one, unless the limits are given", async () => {
    expect((await read()).capacity).toMatchObject({
      perHour: 10,
      basis: expect.stringMatching(/^assumed: not measured/),
    });
    expect((await read({ mails: 6_000, perMinute: 50, perHour: 3_000 })).capacity).toEqual({
      ...{ perMinute: 50, perHour: 3_000, basis: "as asked" },
      takes: [{ mails: 6_000, minutes: 120, says: "6,000 mails take 2 hours" }],
    });
  });
});
