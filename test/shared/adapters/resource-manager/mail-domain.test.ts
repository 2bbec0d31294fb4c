import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { resourceManagerMailDomain } from "../../../../shared/adapters/resource-manager/mail-domain.ts";

const ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Communication/emailServices/e/domains/boreal.example";
const verified = { status: "Verified", errorCode: "NoError" };
/** As the REST reference shows a domain (Domains – Get), with the empty DMARC record that Azure gives. */
const ANSWER = {
  id: ID,
  properties: {
    provisioningState: "Succeeded",
    dataLocation: "France",
    fromSenderDomain: "boreal.example",
    mailFromSenderDomain: "boreal.example",
    domainManagement: "CustomerManaged",
    verificationStates: {
      Domain: verified,
      SPF: verified,
      DKIM: { status: "NotStarted" },
      DKIM2: verified,
      DMARC: verified,
    },
    verificationRecords: {
      Domain: { type: "TXT", name: "boreal.example", value: "ms-domain-verification=1", ttl: 3600 },
      DKIM: {
        type: "CNAME",
        name: "selector1-azurecomm-prod-net._domainkey",
        value: "selector1.azurecomm.net",
        ttl: 3600,
      },
      DMARC: {},
    },
    userEngagementTracking: "Disabled",
  },
};

describe("the mail domain, by way of Azure Resource Manager", () => {
  let server: Server;
  let status: number;
  let asked: { url: string | undefined; authorization: string | undefined }[];
  beforeEach(async () => {
    status = 200;
    asked = [];
    server = createServer(({ url, headers }, response) => {
      asked.push({ url, authorization: headers.authorization });
      const senders = { value: [{ properties: { username: "hello", displayName: "Hello" } }] };
      response.writeHead(status).end(JSON.stringify(url?.includes("/senderUsernames") ? senders : ANSWER));
    });
    await new Promise<void>((done) => server.listen(0, done));
  });
  afterEach(() => new Promise((done) => server.close(done)));

  const domain = (id: string | undefined = ID) =>
    resourceManagerMailDomain({
      id,
      credential: () => ({ getToken: async () => ({ token: "a-token", expiresOnTimestamp: 0 }) }),
      endpoint: `http://localhost:${(server.address() as AddressInfo).port}`,
    });

  it("is read with the identity's token, and with its sender names", async () => {
    expect(await domain().read()).toEqual({
      managed: false,
      domain: "boreal.example",
      tracking: false,
      states: { Domain: "Verified", SPF: "Verified", DKIM: "NotStarted", DKIM2: "Verified", DMARC: "Verified" },
      records: {
        Domain: { type: "TXT", name: "boreal.example", value: "ms-domain-verification=1" },
        DKIM: { type: "CNAME", name: "selector1-azurecomm-prod-net._domainkey", value: "selector1.azurecomm.net" },
      },
      senders: ["hello"],
    });
    expect(asked.map(({ url }) => url).sort()).toEqual([
      `${ID}/senderUsernames?api-version=2026-03-18`,
      `${ID}?api-version=2026-03-18`,
    ]);
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer a-token"]));
  });

  it.each([
    [403, "this identity may not read the mail domain: give it the role Reader there"],
    [404, "there is no such mail domain"],
    [500, "Azure Resource Manager answered 500"],
  ])("is not measured where it answers %s, and says why", async (refused, why) => {
    status = refused;
    expect(await domain().read()).toMatch(new RegExp(`^not measured: ${why}`));
  });

  it("is not measured where the deployment names none, and nobody is asked", async () => {
    const none = resourceManagerMailDomain({
      id: undefined,
      credential: () => {
        throw new Error("no credential is needed");
      },
    });
    expect(await none.read()).toMatch(/^not measured here: PARCOURS_MAIL_DOMAIN_ID/);
    expect(asked).toEqual([]);
  });
});
