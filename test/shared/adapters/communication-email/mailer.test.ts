import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../../local/clock/virtual-clock.ts";
import { type Communication, startCommunication } from "../../../../local/communication/communication.ts";
import { communicationMailer } from "../../../../shared/adapters/communication-email/mailer.ts";
import type { Mailer, OutgoingMail } from "../../../../shared/ports/mailer.ts";
import { type FaultyProxy, startFaultyProxy } from "../../../support/faulty-proxy.ts";

const OPERATION = "0f8fad5b-d9cb-469f-a165-70867728950e";
const MAIL: OutgoingMail = {
  from: "donotreply@example.com",
  to: "camille@example.org",
  replyTo: "service@example.com",
  subject: "Votre dossier « n° 12 »",
  html: "<p>Êtes-vous satisfaite ?</p>",
  text: "Êtes-vous satisfaite ?",
  headers: { "List-Unsubscribe": "<https://example.com/u>" },
};
/** Long enough for a busy machine, short enough to wait for in a test. */
const SHORT_MS = 1_000;

let clock: VirtualClock;
let communication: Communication;
let proxy: FaultyProxy;
let mailer: Mailer;

beforeEach(async () => {
  clock = new VirtualClock();
  communication = await startCommunication({ port: 0, clock, busy: clock, publish: async () => undefined });
  proxy = await startFaultyProxy(communication.port);
  mailer = through(proxy.port);
});
afterEach(async () => {
  await proxy.close();
  await communication.close();
  clock.close();
});

describe("a send", () => {
  it("is one POST, without a question after it, and arrives as it was written", async () => {
    expect(await mailer.send(MAIL, OPERATION)).toEqual({ kind: "accepted" });
    expect(proxy.requests).toEqual(["POST /emails:send"]);
    expect(await mailbox()).toMatchObject([
      {
        operationId: OPERATION,
        from: MAIL.from,
        to: MAIL.to,
        replyTo: MAIL.replyTo,
        subject: MAIL.subject,
        html: MAIL.html,
        text: MAIL.text,
        headers: MAIL.headers,
      },
    ]);
  });

  it("that is throttled tells how long to wait, and is not tried again", async () => {
    communication.setFault({ rules: [{ fault: "throttled", at: "send", retryAfterSeconds: 90 }] });
    expect(await mailer.send(MAIL, OPERATION)).toEqual({ kind: "throttled", retryAfterMs: 90_000 });
    expect(proxy.requests).toHaveLength(1);
  });

  it("that is throttled without a time waits a minute", async () => {
    proxy.treat({ status: 429 });
    expect(await mailer.send(MAIL, OPERATION)).toEqual({ kind: "throttled", retryAfterMs: 60_000 });
  });

  it("that is refused says why, and names nobody", async () => {
    const answer = await mailer.send({ ...MAIL, to: "not an address@example.org" }, OPERATION);
    expect(answer).toMatchObject({ kind: "refused", reason: expect.stringMatching(/^400 InvalidEmailAddress: /) });
    expect(JSON.stringify(answer)).not.toContain("@");
  });

  it.each([401, 403, 409, 500, 503])(
    "that is answered with %d has no answer, and is not tried again",
    async (status) => {
      proxy.treat({ status, body: JSON.stringify({ error: { code: "Denied", message: "no" } }) });
      expect(await mailer.send(MAIL, OPERATION)).toEqual({ kind: "no-answer", reason: `${status} Denied: no` });
      expect(proxy.requests).toHaveLength(1);
    },
  );

  it("whose answer is lost has no answer, is not tried again, and is found when asked for", async () => {
    proxy.treat("lose-answer");
    expect(await mailer.send(MAIL, OPERATION)).toMatchObject({ kind: "no-answer" });
    expect(proxy.requests).toHaveLength(1);
    expect(await mailer.ask(OPERATION)).toBe("found");
    expect(await mailbox()).toHaveLength(1);
  });

  it("that never arrives has no answer, and is not found when asked for", async () => {
    proxy.treat("lose-request");
    expect(await mailer.send(MAIL, OPERATION)).toMatchObject({ kind: "no-answer" });
    expect(await mailer.ask(OPERATION)).toBe("not-found");
  });

  it("has no answer when the time is up", async () => {
    proxy.treat("hang");
    expect(await through(proxy.port, SHORT_MS).send(MAIL, OPERATION)).toMatchObject({ kind: "no-answer" });
    expect(proxy.requests).toHaveLength(1);
  });

  it("has no answer when nobody listens", async () => {
    await proxy.close();
    expect(await mailer.send(MAIL, OPERATION)).toMatchObject({ kind: "no-answer" });
    proxy = await startFaultyProxy(communication.port);
  });
});

describe("asking for an operation", () => {
  it("is one GET", async () => {
    await mailer.send(MAIL, OPERATION);
    expect(await mailer.ask(OPERATION)).toBe("found");
    expect(proxy.requests.slice(1)).toEqual([`GET /emails/operations/${OPERATION}`]);
  });

  it("that was never sent finds nothing, and sends nothing", async () => {
    expect(await mailer.ask(OPERATION)).toBe("not-found");
    expect(proxy.requests).toEqual([`GET /emails/operations/${OPERATION}`]);
    expect(await mailbox()).toEqual([]);
  });

  it.each(["Running", "NotStarted", "Failed", "Canceled"])("that is %s finds it", async (status) => {
    proxy.treat({
      status: 200,
      headers: { "content-type": "application/json", "retry-after": "30" },
      body: JSON.stringify({ id: OPERATION, status, error: { code: "X", message: "y" } }),
    });
    expect(await mailer.ask(OPERATION)).toBe("found");
    expect(proxy.requests).toHaveLength(1);
  });

  it.each([401, 403, 429, 500, 503] as const)(
    "that is answered with %d is no answer, and not tried again",
    async (status) => {
      proxy.treat({ status });
      expect(await mailer.ask(OPERATION)).toBe("no-answer");
      expect(proxy.requests).toHaveLength(1);
    },
  );

  it("is no answer when it is lost or late", async () => {
    proxy.treat("lose-answer");
    expect(await mailer.ask(OPERATION)).toBe("no-answer");
    proxy.treat("hang");
    expect(await through(proxy.port, SHORT_MS).ask(OPERATION)).toBe("no-answer");
  });
});

function through(port: number, timeoutMs?: number): Mailer {
  const connectionString = communication.connectionString.replace(String(communication.port), String(port));
  return communicationMailer({ connectionString, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
}

async function mailbox(): Promise<unknown> {
  return (await fetch(`http://localhost:${communication.port}/mailbox/messages`)).json();
}
