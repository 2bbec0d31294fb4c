import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { signedSend } from "./signed-send.ts";
import { type Bench, clientOf, mailTo, startBench } from "./start.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

describe("a send through the unmodified SDK", () => {
  it("succeeds and puts the mail into the mailbox with every part of it", async () => {
    const operationId = randomUUID();
    const poller = await bench.client.beginSend(mailTo("camille@example.com"), { operationId });
    expect(await poller.pollUntilDone()).toMatchObject({ id: operationId, status: "Succeeded" });
    expect(await bench.mails()).toEqual([
      expect.objectContaining({
        operationId,
        to: "camille@example.com",
        from: "donotreply@example.com",
        subject: "Your case",
        text: "How was it?",
        html: expect.stringContaining("Tell us"),
        headers: { "List-Unsubscribe": "<https://example.com/unsubscribe>" },
      }),
    ]);
  });

  it("may go to nobody but those in copy", async () => {
    const recipients = { cc: [{ address: "c@example.com" }], bcc: [{ address: "b@example.com" }] };
    await (await bench.client.beginSend(mailTo("", { recipients }))).pollUntilDone();
    expect(await bench.mails()).toMatchObject([{ to: "", cc: "c@example.com", bcc: "b@example.com" }]);
  });

  it("is stored under the virtual time", async () => {
    await bench.clock.advance(3 * 86_400_000);
    await bench.client.beginSend(mailTo("camille@example.com"));
    const [mail] = await bench.mails();
    expect(Math.abs(Date.parse(mail?.sentAt ?? "") - bench.clock.now())).toBeLessThan(10_000);
  });

  it("with an operation id sent before is answered alike and stored once", async () => {
    const operationId = randomUUID();
    await bench.client.beginSend(mailTo("camille@example.com"), { operationId });
    await bench.client.beginSend(mailTo("camille@example.com"), { operationId: operationId.toUpperCase() });
    expect(await bench.mails()).toHaveLength(1);
  });

  it("with an operation id sent before is stored twice where de-duplication is off", async () => {
    bench.communication.setFault({ deduplicate: false });
    const operationId = randomUUID();
    await bench.client.beginSend(mailTo("camille@example.com"), { operationId });
    await bench.client.beginSend(mailTo("camille@example.com"), { operationId });
    expect(await bench.mails(`?operationId=${operationId}`)).toHaveLength(2);
  });

  it("stays known as an operation when its mail is deleted from the mailbox", async () => {
    const operationId = randomUUID();
    await bench.client.beginSend(mailTo("camille@example.com"), { operationId });
    await fetch(`${bench.url}/mailbox/messages`, { method: "DELETE" });
    await bench.client.beginSend(mailTo("camille@example.com"), { operationId });
    expect(await bench.mails()).toEqual([]);
  });

  it("with a wrong access key is denied and stores nothing", async () => {
    const other = bench.communication.connectionString.replace(/accesskey=.*/, `accesskey=${btoa("another key")}`);
    await expect(clientOf(other).beginSend(mailTo("camille@example.com"))).rejects.toMatchObject({
      statusCode: 401,
      code: "Denied",
    });
    expect(await bench.mails()).toEqual([]);
  });

  it.each([
    ["no recipient", { recipients: { to: [] } }, "BadRequest", "recipients.to"],
    ["a sender with a display name", { senderAddress: "Shop <shop@example.com>" }, "BadRequest", "senderAddress"],
    ["neither text nor HTML", { content: { subject: "Empty", plainText: "" } }, "BadRequest", "content"],
    ["an address without a domain", { recipients: { to: [{ address: "camille" }] } }, "InvalidEmailAddress", "camille"],
    [
      "51 recipients",
      { recipients: { to: Array.from({ length: 51 }, (_, n) => ({ address: `r${n}@example.com` })) } },
      "BadRequest",
      "50",
    ],
  ])("with %s is refused and says so", async (_, wrong, code, said) => {
    await expect(bench.client.beginSend(mailTo("a@example.com", wrong))).rejects.toMatchObject({
      statusCode: 400,
      code,
      message: expect.stringContaining(said),
    });
    expect(await bench.mails()).toEqual([]);
  });
});

describe("a send made by hand", () => {
  it.each([
    ["an operation id that is no GUID", { "operation-id": "run~1" }, JSON.stringify(mailTo("a@example.com")), 400],
    ["a body that is no JSON", {}, "{", 400],
    ["a body that is not what was signed", { "x-ms-content-sha256": "AAAA" }, JSON.stringify(mailTo("a@b.fr")), 401],
    [
      "a body over 10 MB",
      {},
      JSON.stringify(mailTo("a@b.fr", { content: { subject: "s", html: "x".repeat(11e6) } })),
      413,
    ],
    ["a body far over 10 MB", {}, "x".repeat(30e6), 413],
  ])("with %s is refused", async (_, headers, body, status) => {
    const answer = await signedSend(bench.communication.connectionString, body, headers)();
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
    expect(await bench.mails()).toEqual([]);
  });
});

describe("the mailbox", () => {
  it("lists by recipient and by time", async () => {
    await bench.client.beginSend(mailTo("camille@example.com"));
    await bench.clock.advance(86_400_000);
    const later = new Date(bench.clock.now()).toISOString();
    await bench.client.beginSend(mailTo("Oliver@example.com"));
    await bench.client.beginSend(mailTo("camille@example.com"));
    expect(await bench.mails("?to=oliver@example.com")).toHaveLength(1);
    expect(await bench.mails(`?to=camille@example.com&since=${later}`)).toHaveLength(1);
    expect(await bench.mails(`?since=${Date.parse(later)}`)).toHaveLength(2);
  });

  it("gives and deletes one mail by its id", async () => {
    await bench.client.beginSend(mailTo("camille@example.com"));
    const [mail] = await bench.mails();
    const address = `${bench.url}/mailbox/messages/${mail?.id}`;
    expect(await (await fetch(address)).json()).toEqual(mail);
    await fetch(address, { method: "DELETE" });
    expect((await fetch(address)).status).toBe(404);
  });

  it("answers 404 where nothing is, two slashes in front or not", async () => {
    for (const path of ["/nowhere", "//emails:send"])
      expect((await fetch(`${bench.url}${path}`, { method: "POST", body: "{}" })).status).toBe(404);
  });

  it("takes no unsigned send", async () => {
    const answer = await fetch(`${bench.url}/emails:send?api-version=2025-09-01`, { method: "POST", body: "{}" });
    expect(answer.status).toBe(401);
  });
});
