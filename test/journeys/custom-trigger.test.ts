import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";

const SHOP = "http://shop.example";
const TRIGGER = {
  kind: "custom",
  slug: "order-shipped",
  name: "Order shipped",
  person: { tables: ["contact", "lead"], keys: [{ table: "contact", column: "middlename" }] },
  table: "salesorder",
  attributes: [
    { name: "total", type: "number", required: true },
    { name: "express", type: "boolean" },
    { name: "carrier", type: "choice", options: ["Poste", "Vélo"] },
    { name: "note", type: "text" },
    { name: "due", type: "moment" },
  ],
};
const RETURNED = { kind: "custom", slug: "order-returned", name: "Order returned" };
const MAIL = {
  slug: "shipped",
  name: "Shipped",
  purpose: "transactional",
  fallback: "en",
  variants: { en: { subject: "Shipped", html: "<p>{{ event.carrier }} {{ event.total }}</p>" } },
};
const JOURNEY = {
  slug: "shipped",
  name: "Shipped",
  entry: {
    trigger: "order-shipped",
    reentry: { kind: "always" },
    filter: { kind: "compare", field: "event.total", op: "ge", value: 10 },
  },
  exits: [{ name: "returned", trigger: "order-returned" }],
  start: "tell",
  steps: {
    tell: { kind: "email", mail: "shipped", next: "again" },
    again: {
      kind: "wait-for",
      trigger: "order-shipped",
      condition: { kind: "compare", field: "event.express", op: "eq", value: true },
      within: "P7D",
      happened: null,
      elapsed: null,
    },
  },
};

interface Taken {
  readonly id: string;
  readonly outcome: string;
  readonly reason?: string;
}

describe("a custom trigger", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack({
      settings: {
        PARCOURS_INGESTION_KEY: "new-key",
        PARCOURS_INGESTION_KEY_PREVIOUS: "old-key",
        PARCOURS_BROWSER_KEY: "page-key",
        PARCOURS_BROWSER_ORIGINS: `https://other.example, ${SHOP}`,
        PARCOURS_BROWSER_PER_MINUTE: "20",
      },
    });
    company = await Company.open(stack.http, 1);
    await company.publish("triggers", TRIGGER);
    await company.publish("triggers", RETURNED);
    await company.publish("mails", MAIL);
    await company.publish("journeys", JOURNEY);
  }, 120_000);
  afterEach(() => stack.http.control("/faults", { serviceBus: null, store: null, dataverse: null }));
  afterAll(() => stack.stop());

  const send = (body: unknown, { key = "new-key", trigger = "order-shipped", headers = {} } = {}): Promise<Response> =>
    fetch(`${stack.http.at.app}/api/events/${trigger}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-parcours-key": key, ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const taken = async (body: unknown, options = {}): Promise<readonly Taken[]> => {
    const response = await send(body, options);
    const answer = (await response.json()) as { events: Taken[] };
    expect({ status: response.status, answer }).toMatchObject({ status: 202 });
    return answer.events;
  };
  const fromPage = { key: "page-key", headers: { origin: SHOP } };
  const decisions = (about: string) =>
    stack.http.api<Record<string, unknown>[]>("GET", `/api/decisions?about=${encodeURIComponent(about)}`);

  it("starts a run of the person whose e-mail address it names, and its attributes stand in the mail", async () => {
    const anna = await company.person("Anna");
    const [event] = await taken({ person: { email: anna.address }, attributes: { total: 42, carrier: "Vélo" } });
    expect(event).toEqual({ id: expect.any(String), outcome: "accepted" });
    const [mail] = await company.mailsTo(anna.address);
    expect(mail?.html).toContain("Vélo 42");
  });

  it("names its person by id or by an alternate key too", async () => {
    const byId = await company.person("Id");
    const byKey = await company.person("Key", { middlename: "client-7" });
    const outcomes = await taken([
      { person: { contact: byId.id.toUpperCase() }, attributes: { total: 11 } },
      { person: { key: { column: "middlename", value: "client-7" } }, attributes: { total: 12 } },
    ]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["accepted", "accepted"]);
    expect(await company.mailsTo(byId.address)).toHaveLength(1);
    expect(await company.mailsTo(byKey.address)).toHaveLength(1);
  });

  it("a person that nobody knows, or that is several, is an outcome and a decision, and the others go on", async () => {
    const known = await company.person("Connue");
    const twin = { emailaddress1: "twins@example.com" };
    await company.person("Une", twin);
    await company.person("Autre", twin);
    const attributes = { total: 20 };
    const outcomes = await taken([
      { person: { email: "nobody@example.com" }, attributes },
      { person: { email: twin.emailaddress1 }, attributes },
      { person: { contact: "00000000-0000-4000-8000-000000000000" }, attributes },
      { person: { email: known.address }, attributes },
    ]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["unknown", "ambiguous", "unknown", "accepted"]);
    expect(outcomes[1]?.reason).toContain("more than one active contact");
    expect(await company.mailsTo(known.address)).toHaveLength(1);
    const found = (await decisions("trigger:order-shipped")).filter(({ kind }) => kind === "event");
    for (const refused of outcomes.slice(0, 3))
      expect(found).toContainEqual(expect.objectContaining({ event: refused.id, outcome: refused.outcome }));
    expect(JSON.stringify(found)).not.toContain("@example.com");
  });

  it("the same idempotency key is the same event and starts one run, whatever else it says", async () => {
    const person = await company.person("Une fois");
    const event = { person: { email: person.address }, idempotencyKey: "shipment-1", attributes: { total: 30 } };
    const [first] = await taken(event);
    const [again] = await taken({ ...event, attributes: { total: 31 } });
    expect(again?.id).toBe(first?.id);
    expect(await company.mailsTo(person.address)).toHaveLength(1);
    expect((await taken({ ...event, idempotencyKey: "shipment-2" }))[0]?.id).not.toBe(first?.id);
  });

  it("without a key, the same content is the same event", async () => {
    const person = await company.person("Contenu");
    const event = { person: { email: person.address }, attributes: { total: 30, note: "a" } };
    const same = { attributes: { note: "a", total: 30 }, person: event.person };
    const ids = (await taken([event, same, { ...event, attributes: { total: 30 } }])).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(ids[1]).toBe(ids[0]);
    expect(await company.mailsTo(person.address)).toHaveLength(2);
  });

  it("a person who was unknown is entered when the same event is sent again", async () => {
    const address = "later@example.com";
    const event = { person: { email: address }, idempotencyKey: "later", attributes: { total: 33 } };
    const [before] = await taken(event);
    await company.quiet();
    await company.person("Plus tard", { emailaddress1: address });
    const [after] = await taken(event);
    expect([before?.outcome, after?.outcome]).toEqual(["unknown", "accepted"]);
    expect(after?.id).toBe(before?.id);
    expect(await company.mailsTo(address)).toHaveLength(1);
  });

  it("is a filter's, a wait's and an exit's event like any other", async () => {
    const poor = await company.person("Filtre");
    await taken({ person: { email: poor.address }, attributes: { total: 9 } });
    expect(await company.mailsTo(poor.address)).toHaveLength(0);
    const person = await company.person("Attente");
    const order = await company.order(person.id);
    const record = { table: "salesorder", id: order };
    await taken({ person: { email: person.address }, record, attributes: { total: 50 } });
    const [run] = await company.runs("shipped", "live", order);
    expect(run?.row.state.at?.step).toBe("again");
    await taken({ person: { email: person.address }, record, attributes: { total: 9, express: true } });
    expect(await company.runs("shipped", "completed", order)).toHaveLength(1);
    const other = await company.person("Retour");
    await taken({ person: { email: other.address }, attributes: { total: 50 } });
    await taken({ person: { email: other.address } }, { trigger: "order-returned" });
    const left = await company.runs("shipped", "exit");
    expect(left.map((one) => one.row.state.member)).toContain(`contact:${other.id}`);
  });

  it("a wrong event is refused with its place, and nothing of its batch is taken", async () => {
    const person = await company.person("Lot");
    const right = { person: { email: person.address }, attributes: { total: 60 } };
    const response = await send([
      right,
      { ...right, attributes: { total: "sixty", carrier: "Pigeon", weight: 1 } },
      { ...right, occurredAt: new Date((await stack.http.now()) + 3_600_000).toISOString() },
      { ...right, occurredAt: "yesterday" },
      { person: { email: "x" }, record: { table: "incident", id: "1" } },
      { ...right, person: { email: person.address, contact: person.id } },
      { ...right, person: { key: { column: "telephone1", value: "1" } } },
    ]);
    expect(response.status).toBe(400);
    const { problems } = (await response.json()) as { problems: { at: string; problem: string }[] };
    expect([...new Set(problems.map(({ at }) => at))]).toEqual([
      "1.attributes.total",
      "1.attributes.carrier",
      "1.attributes",
      "2.occurredAt",
      "3.occurredAt",
      "4.person.email",
      "4.record.table",
      "4.record.id",
      "4.attributes",
      "5.person",
      "6.person.key.column",
    ]);
    expect(await company.mailsTo(person.address)).toHaveLength(0);
    expect((await send("{")).status).toBe(400);
    expect((await send([])).status).toBe(400);
    expect((await send(Array(101).fill(right))).status).toBe(400);
  });

  it("takes both secret keys while they are changed, no other, and fires custom triggers alone", async () => {
    const event = { person: { email: "x@example.com" }, attributes: { total: 1 } };
    expect((await send(event, { key: "old-key" })).status).toBe(202);
    for (const key of ["", "wrong", stack.http.at.webhookKey]) expect((await send(event, { key })).status).toBe(401);
    for (const trigger of ["none-such", "order-created", "survey-answered"])
      expect((await send(event, { trigger })).status).toBe(404);
    const reserved = { ...RETURNED, slug: "survey-answered" };
    await expect(stack.http.api("PUT", "/api/triggers/survey-answered", reserved)).rejects.toThrow(/slug/);
  });

  it("is not published while it names tables or columns that the organisation does not have", async () => {
    const keys = [
      { table: "contact", column: "customernumbr" },
      { table: "contact", column: "parentcustomerid" },
    ];
    const wrong = { ...RETURNED, slug: "wrong", table: "nosuchtable", person: { keys } };
    await stack.http.api("PUT", "/api/triggers/wrong", wrong);
    const response = await fetch(`${stack.http.at.app}/api/triggers/wrong/publish`, { method: "POST" });
    expect(response.status).toBe(400);
    const { problems } = (await response.json()) as { problems: { at: string }[] };
    expect(problems.map(({ at }) => at)).toEqual(["table", "person.keys.0.column", "person.keys.1.column"]);
  });

  it("what happened long ago enters nobody; a moment comes with any offset", async () => {
    const person = await company.person("Jadis");
    const at = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().replace("Z", "+00:00");
    await taken({ person: { email: person.address }, occurredAt: at(40), attributes: { total: 70 } });
    expect(await company.mailsTo(person.address)).toHaveLength(0);
    await taken({ person: { email: person.address }, occurredAt: at(2), attributes: { total: 70 } });
    expect(await company.mailsTo(person.address)).toHaveLength(1);
  });

  it("while the bus is down events are taken and spilled; they go on when it is back", async () => {
    const person = await company.person("Panne");
    await company.quiet();
    await stack.http.control("/faults", { serviceBus: "down" });
    const [event] = await taken({ person: { email: person.address }, attributes: { total: 80 } });
    expect(event?.outcome).toBe("accepted");
    await stack.http.control("/faults", { serviceBus: null });
    await company.http.advance("PT1M");
    expect(await company.mailsTo(person.address)).toHaveLength(1);
  }, 120_000);

  it("with the key of pages, an allowed origin may send, naming nobody by id and learning nothing of anybody", async () => {
    const person = await company.person("Navigateur");
    const attributes = { total: 90 };
    const events = [
      { person: { email: person.address }, attributes },
      { person: { email: "stranger@example.com" }, attributes },
    ];
    const response = await send(events, fromPage);
    expect(response.headers.get("access-control-allow-origin")).toBe(SHOP);
    const { events: outcomes } = (await response.json()) as { events: Taken[] };
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["accepted", "accepted"]);
    expect(await company.mailsTo(person.address)).toHaveLength(1);
    const found = await decisions("trigger:order-shipped");
    expect(found).toContainEqual(expect.objectContaining({ event: outcomes[1]?.id, outcome: "unknown" }));
    const byId = await send({ person: { contact: person.id }, attributes }, fromPage);
    expect([byId.status, await byId.text()]).toEqual([400, expect.stringContaining("email, key")]);
    for (const headers of [{}, { origin: "https://evil.example" }, { origin: "null" }]) {
      const refused = await send(events, { key: "page-key", headers });
      expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([403, null]);
    }
  });

  it("a browser that asks first is told whether its page may send", async () => {
    const ask = (origin: string) =>
      fetch(`${stack.http.at.app}/api/events/order-shipped`, { method: "OPTIONS", headers: { origin } });
    const allowed = await ask(SHOP);
    expect(allowed.status).toBe(204);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      "access-control-allow-origin": SHOP,
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "content-type, x-parcours-key",
      vary: "Origin",
    });
    expect((await ask("https://evil.example")).headers.get("access-control-allow-origin")).toBeNull();
  });

  it("a sender over its limit is told when to come again; the other keys are not held up", async () => {
    const event = { person: { email: "x@example.com" }, attributes: { total: 1 } };
    let refused: Response | undefined;
    for (let sent = 0; refused === undefined && sent < 21; sent += 1) {
      const response = await send({ ...event, idempotencyKey: `limit-${sent}` }, fromPage);
      if (response.status !== 202) refused = response;
    }
    expect(refused?.status).toBe(429);
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await send(event)).status).toBe(202);
    await company.http.advance("PT1M");
    expect((await send(event, fromPage)).status).toBe(202);
  });
});
