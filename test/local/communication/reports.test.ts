import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type Bench, mailTo, startBench } from "./start.ts";

const benches: Bench[] = [];
async function open(...options: Parameters<typeof startBench>): Promise<Bench> {
  const bench = await startBench(...options);
  benches.push(bench);
  return bench;
}
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.stop();
});

describe("a delivery report", () => {
  it("is published for each recipient, in the Event Grid schema", async () => {
    const { client, reports, clock } = await open();
    const operationId = randomUUID();
    const recipients = { to: [{ address: "camille@example.com" }], cc: [{ address: "owner@example.com" }] };
    await client.beginSend(mailTo("", { recipients }), { operationId });
    await clock.quiet();
    expect(reports.map(({ data }) => data.recipient).sort()).toEqual(["camille@example.com", "owner@example.com"]);
    expect(reports[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      topic: expect.stringContaining("/providers/microsoft.communication/communicationservices/"),
      subject: `sender/donotreply@example.com/message/${operationId}`,
      eventType: "Microsoft.Communication.EmailDeliveryReportReceived",
      eventTime: expect.stringMatching(/Z$/),
      dataVersion: "1.0",
      metadataVersion: "1",
      data: {
        sender: "donotreply@example.com",
        recipient: "camille@example.com",
        messageId: operationId,
        status: "Delivered",
        deliveryStatusDetails: { statusMessage: "" },
        deliveryAttemptTimeStamp: expect.stringMatching(/\.\d{7}\+00:00$/),
      },
    });
  });

  it.each([
    ["camille+bounce@example.com", "Bounced"],
    ["camille+bounced@example.com", "Bounced"],
    ["camille+spam@example.com", "FilteredSpam"],
    ["camille+fail@example.com", "Failed"],
    ["plus+one@bounce.example.com", "Delivered"],
  ])("to %s says %s", async (address, status) => {
    const { client, reports, clock } = await open();
    await client.beginSend(mailTo(address));
    await clock.quiet();
    expect(reports.map(({ data }) => "status" in data && data.status)).toEqual([status]);
  });

  it("says of an address what was set for it, over HTTP too", async () => {
    const { client, reports, clock, communication, url } = await open();
    communication.setDelivery("Anais@example.com", "Bounced");
    await fetch(`${url}/mailbox/recipients`, { method: "POST", body: '{"hugo@example.com":"Suppressed"}' });
    await client.beginSend(mailTo("anais@example.com"));
    await client.beginSend(mailTo("hugo@example.com"));
    await clock.quiet();
    expect(reports.map(({ data }) => "status" in data && data.status)).toEqual(["Bounced", "Suppressed"]);
  });

  it("is published again, with the same id, until the subscriber takes it; the platform is busy till then", async () => {
    const tried: string[] = [];
    const { client, clock } = await open({
      publish: async ({ id }) => {
        tried.push(id);
        if (tried.length < 3) throw new Error("bus down");
      },
    });
    await client.beginSend(mailTo("camille@example.com"));
    expect(clock.underWay()).toEqual({ "mail report": 1 });
    await clock.quiet();
    expect(tried).toEqual([tried[0], tried[0], tried[0]]);
  });

  it("that was not taken before a stop is published after the next start", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mails-"));
    const file = join(folder, "mails.sqlite");
    const first = await open({
      file,
      publish: async () => {
        throw new Error("bus down");
      },
    });
    await first.client.beginSend(mailTo("camille@example.com"));
    await benches.pop()?.stop();
    expect(first.clock.underWay()).toEqual({});
    const second = await open({ file });
    await second.clock.quiet();
    expect(second.reports).toHaveLength(1);
    expect(await second.mails()).toHaveLength(1);
    await rm(folder, { recursive: true });
  });
});

describe("an engagement report", () => {
  async function reader(more = {}) {
    const bench = await open();
    const operationId = randomUUID();
    await bench.client.beginSend(mailTo("camille@example.com", more), { operationId });
    await bench.clock.quiet();
    bench.reports.length = 0;
    const [mail] = await bench.mails();
    return { ...bench, operationId, address: `${bench.url}/mailbox/messages/${mail?.id}` };
  }

  it("says that the reader opened the mail", async () => {
    const { address, reports, clock, operationId } = await reader();
    const answer = await fetch(`${address}/open`, { method: "POST", headers: { "user-agent": "Reader/1" } });
    expect(await answer.json()).toMatchObject({ opens: 1, clicks: 0 });
    await clock.quiet();
    expect(reports).toEqual([
      expect.objectContaining({
        eventType: "Microsoft.Communication.EmailEngagementTrackingReportReceived",
        data: {
          sender: "donotreply@example.com",
          recipient: "camille@example.com",
          messageId: operationId,
          userActionTimeStamp: expect.any(String),
          engagementContext: "",
          userAgent: "Reader/1",
          engagementType: "view",
        },
      }),
    ]);
  });

  it("says which link the reader clicked", async () => {
    const { address, reports, clock } = await reader();
    const url = "https://example.com/answer?a=1&b=2";
    await fetch(`${address}/click`, { method: "POST", body: JSON.stringify({ url }) });
    await clock.quiet();
    expect(reports.map(({ data }) => data)).toEqual([
      expect.objectContaining({ engagementType: "click", engagementContext: url }),
    ]);
  });

  it("of a click without a link is refused", async () => {
    const { address } = await reader();
    expect((await fetch(`${address}/click`, { method: "POST" })).status).toBe(400);
  });

  it("is not made where the sender declined tracking", async () => {
    const { address, reports, clock } = await reader({ disableUserEngagementTracking: true });
    expect(await (await fetch(`${address}/open`, { method: "POST" })).json()).toMatchObject({ opens: 1 });
    await clock.quiet();
    expect(reports).toEqual([]);
  });
});
