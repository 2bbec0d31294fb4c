import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Mail } from "../../sandbox/client.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { Company, type Run } from "./company.ts";

const OFFER = "https://shop.example/offer?of=spring";
const GREETED = {
  kind: "custom",
  slug: "greeted",
  name: "Greeted",
  attributes: [{ name: "about", type: "text", required: true }],
};
const MAIL = {
  slug: "greeting",
  name: "Greeting",
  fallback: "en",
  variants: { en: { subject: "Hello", html: `<p><a href="${OFFER}">Offer</a> {{ survey.link }}</p>` } },
};
/** Which of them an author would ask for one link, one status. */
const CONDITIONS: Readonly<Record<string, object>> = {
  "mail-clicked": { kind: "compare", field: "event.link", op: "starts-with", value: "https://shop.example/offer" },
  "mail-bounced": { kind: "compare", field: "event.status", op: "eq", value: "Bounced" },
  "survey-answered": { kind: "compare", field: "event.satisfaction", op: "le", value: 2 },
};
const USES = ["wait", "goal", "exit"] as const;
type Use = (typeof USES)[number];
const ENDED: Readonly<Record<Use, string>> = { wait: "exit", goal: "goal", exit: "exit" };

/** Sends one mail, and has the interaction as its wait, goal or exit. */
function journey(trigger: string, use: Use) {
  const condition = CONDITIONS[trigger] === undefined ? {} : { condition: CONDITIONS[trigger] };
  const answered = trigger === "survey-answered";
  const after = use === "wait" && !answered ? "hope" : "rest";
  const send = answered
    ? { kind: "survey", survey: "after-the-case", mail: "greeting", answered: use === "wait" ? "yes" : "rest" }
    : { kind: "email", mail: "greeting", next: after };
  const ending = [{ name: "it", trigger, ...condition }];
  return {
    slug: `${use}-${trigger}`,
    name: use,
    entry: {
      trigger: "greeted",
      reentry: { kind: "always" },
      filter: { kind: "compare", field: "event.about", op: "eq", value: trigger },
    },
    ...(use === "goal" ? { goals: ending } : {}),
    ...(use === "exit" ? { exits: ending } : {}),
    start: "send",
    steps: {
      send: answered ? { ...send, unanswered: "rest" } : send,
      ...(after === "hope"
        ? { hope: { kind: "wait-for", trigger, ...condition, within: "P3D", happened: "yes", elapsed: "rest" } }
        : {}),
      ...(use === "wait" ? { yes: { kind: "exit", reason: "it happened" } } : {}),
      ...(after === "rest" || use === "wait" ? { rest: { kind: "wait", duration: "P9D", next: null } } : {}),
    },
  };
}

/** Lets in whoever does it with the mail of one of these journeys. */
function entered(trigger: string) {
  const ofMail = { kind: "compare", field: "event.journey", op: "eq", value: `goal-${trigger}` };
  return {
    slug: `entry-${trigger}`,
    name: "Entry",
    entry: {
      trigger,
      reentry: { kind: "always" },
      filter: trigger === "survey-answered" ? CONDITIONS[trigger] : ofMail,
    },
    start: "rest",
    steps: { rest: { kind: "wait", duration: "P9D", next: null } },
  };
}

describe("what becomes of a mail, and what its reader does with it", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack();
    company = await Company.open(stack.http, 1);
    await company.publish("triggers", GREETED);
    await company.publish("mails", MAIL);
  }, 120_000);
  afterAll(() => stack.stop());

  /** Greets one person about one thing; answers the mails that this sent. */
  const greet = async (about: string, address: string): Promise<readonly Mail[]> => {
    const contact = await stack.http.create("contacts", { firstname: "Zoé", emailaddress1: address });
    const event = { idempotencyKey: `${about}-${address}`, person: { contact }, attributes: { about } };
    const headers = { "x-parcours-key": `ingestion-${stack.http.at.webhookKey}` };
    await stack.http.api("POST", "/api/events/greeted", event, headers);
    return company.mailsTo(address);
  };
  const engage = (mail: Mail, what: "open" | "click", body = {}) =>
    stack.http.mailbox("POST", `/mailbox/messages/${mail.id}/${what}`, body);
  const unsubscribe = (mail: Mail) =>
    fetch(/<(.*)>/.exec(mail.headers["List-Unsubscribe"] ?? "")?.[1] ?? "", { method: "POST" });

  const ACTS: Readonly<Record<string, (mail: Mail) => Promise<unknown>>> = {
    "mail-sent": async () => undefined,
    "mail-delivered": async () => undefined,
    "mail-bounced": async () => undefined,
    "mail-opened": (mail) => engage(mail, "open"),
    "mail-clicked": (mail) => engage(mail, "click", { url: OFFER }),
    "mail-unsubscribed": unsubscribe,
    "survey-answered": (mail) => company.answer(mail, { satisfaction: "1" }),
  };

  it.each(Object.keys(ACTS))(
    "%s is usable as entry, wait, goal and exit",
    async (trigger) => {
      for (const use of USES) await company.publish("journeys", journey(trigger, use));
      await company.publish("journeys", entered(trigger));
      const name = trigger === "mail-bounced" ? `${trigger}+bounce` : trigger;
      const mails = await greet(trigger, `${name}@example.com`);
      expect(mails).toHaveLength(USES.length);
      for (const mail of mails) await ACTS[trigger]?.(mail);
      for (const use of USES) {
        const runs: Run[] = await company.runs(`${use}-${trigger}`, ENDED[use]);
        expect({ use, ended: runs.map(({ row }) => row.state.ended?.as) }).toEqual({ use, ended: [ENDED[use]] });
      }
      const entries = await company.runs(`entry-${trigger}`, "live");
      // Whoever answers three surveys enters three times; of each mail's journey there is one mail.
      expect(entries).toHaveLength(trigger === "survey-answered" ? USES.length : 1);
    },
    60_000,
  );

  it("of a link that nobody asked for, ends no wait; the link that was asked for does", async () => {
    const mails = await greet("mail-clicked", "other-link@example.com");
    const [mail] = mails;
    if (mail === undefined) throw new Error("no mail was sent");
    const before = (await company.runs("goal-mail-clicked", "goal")).length;
    for (const one of mails) await engage(one, "click", { url: "https://shop.example/imprint" });
    expect(await company.runs("goal-mail-clicked", "goal")).toHaveLength(before);
    for (const one of mails) await engage(one, "click", { url: OFFER });
    expect(await company.runs("goal-mail-clicked", "goal")).toHaveLength(before + 1);
  });

  it("a click by a scanner is marked and fires nothing", async () => {
    const mails = await greet("mail-clicked", "scanned@example.com");
    const before = (await company.runs("goal-mail-clicked", "goal")).length;
    for (const { id } of mails)
      await fetch(`${stack.http.at.communication}/mailbox/messages/${id}/click`, {
        method: "POST",
        headers: { "content-type": "application/json", "user-agent": "Mozilla/5.0 (compatible; Barracuda Sentinel)" },
        body: JSON.stringify({ url: OFFER }),
      });
    expect(await company.runs("goal-mail-clicked", "goal")).toHaveLength(before);
  });

  it("a journey that asks for what an interaction does not bring is not published", async () => {
    const { goals: _goals, ...other } = journey("mail-opened", "goal");
    const condition = { kind: "compare", field: "event.url", op: "eq", value: "x" };
    const wrong = { ...other, slug: "wrong", goals: [{ name: "it", trigger: "mail-opened", condition }] };
    await expect(company.publish("journeys", wrong)).rejects.toThrow(/400 .*event\.url.*mail, journey, step/);
  });

  it("a journey whose own mails let people in again ends with the fifth", async () => {
    const steps = { again: { kind: "email", mail: "greeting", next: null } };
    const entry = { trigger: "mail-sent", reentry: { kind: "always" } };
    const mine = { kind: "compare", field: "audience.lastname", op: "eq", value: "Loop" };
    await company.publish("journeys", {
      ...{ slug: "loop", name: "Loop", entry: { ...entry, filter: mine }, start: "again", steps },
    } as never);
    const address = "loop@example.com";
    const contact = await stack.http.create("contacts", { lastname: "Loop", emailaddress1: address });
    const event = { idempotencyKey: "loop", person: { contact }, attributes: { about: "mail-opened" } };
    const headers = { "x-parcours-key": `ingestion-${stack.http.at.webhookKey}` };
    await stack.http.api("POST", "/api/events/greeted", event, headers);
    const mails = await company.mailsTo(address);
    // Three that greet, and five after each of them.
    expect(mails).toHaveLength(18);
    const { parked } = await stack.http.api<{ parked: { reason: string }[] }>("GET", "/api/parked?kind=permanent");
    expect(parked.some(({ reason }) => reason.startsWith("a loop"))).toBe(true);
  }, 60_000);
});
