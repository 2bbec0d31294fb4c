import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";

const SAMPLE = readFileSync(new URL("../fixtures/dataverse/update-contact-async.json", import.meta.url), "utf8");

describe("the way in", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack();
    company = await Company.open(stack.http);
  });
  afterEach(() =>
    stack.http.control("/faults", { serviceBus: null, store: null, dataverse: null, communication: null }),
  );
  afterAll(() => stack.stop());

  const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${stack.http.at.app}/api/dataverse/webhook`, { method: "POST", body, headers });
  const key = (): Record<string, string> => ({ "x-parcours-key": stack.http.at.webhookKey });
  const ours = (text: string): string =>
    text.replaceAll(/"OrganizationId":\s*"[^"]+"/g, `"OrganizationId":"${stack.http.at.organizationId}"`);
  const parked = (kind: string) =>
    stack.http.api<{ parked: { reason: string; body: string }[] }>("GET", `/api/parked?kind=${kind}`);

  it("a wrong key is refused with 401, in the header and in the query", async () => {
    expect((await post(SAMPLE)).status).toBe(401);
    expect((await post(SAMPLE, { "x-parcours-key": "wrong" })).status).toBe(401);
    expect(
      (await fetch(`${stack.http.at.app}/api/dataverse/webhook?code=wrong`, { method: "POST", body: SAMPLE })).status,
    ).toBe(401);
  });

  it("the right key is taken from the query too", async () => {
    const url = `${stack.http.at.app}/api/dataverse/webhook?code=${encodeURIComponent(stack.http.at.webhookKey)}`;
    expect((await fetch(url, { method: "POST", body: ours(SAMPLE) })).status).toBe(202);
  });

  it("an unreadable body with the right key is answered 400 with the place, and parked as it came", async () => {
    const response = await post(`${SAMPLE.slice(0, 300)}`, key());
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ at: expect.stringContaining("position") });
    expect((await parked("malformed")).parked).toContainEqual(expect.objectContaining({ body: SAMPLE.slice(0, 300) }));
  });

  it("a change of another organisation is answered 403 and parked: a copied environment keeps its registrations", async () => {
    expect((await post(SAMPLE, key())).status).toBe(403);
    const [first] = (await parked("foreign")).parked;
    expect(first?.reason).toContain("is not the connected one");
  });

  it("the same delivery twice is one run and one mail", async () => {
    await stack.http.control("/faults", { dataverse: { webhook: "twice" } });
    const person = await company.person("Double");
    const incident = await company.openCase(person.id);
    await company.http.resolve(incident);
    expect(await company.mailsTo(person.address)).toHaveLength(1);
    expect(await company.runs("after-the-case", "live", incident)).toHaveLength(1);
  });

  it("while the bus is down a change is answered 202 and spilled; it goes on when the bus is back", async () => {
    const person = await company.person("Panne");
    const incident = await company.openCase(person.id);
    await company.quiet();
    await stack.http.control("/faults", { serviceBus: "down" });
    await company.http.resolve(incident);
    await company.quiet();
    const failed = await company.http.read("asyncoperations?$filter=statuscode eq 31");
    expect(failed.value).toEqual([]);
    expect(await company.mailsTo(person.address)).toHaveLength(0);
    await stack.http.control("/faults", { serviceBus: null });
    await company.http.advance("PT1M");
    expect(await company.mailsTo(person.address)).toHaveLength(1);
  }, 120_000);

  it("with bus and store down a change is answered 503, and Dataverse keeps a failed system job", async () => {
    const person = await company.person("Nuit");
    const incident = await company.openCase(person.id);
    await company.quiet();
    await stack.http.control("/faults", { serviceBus: "down", store: { down: true } });
    await company.http.resolve(incident);
    await company.quiet();
    await stack.http.control("/faults", { serviceBus: null, store: null });
    const jobs = await company.http.read("asyncoperations?$filter=statuscode eq 31");
    expect(jobs.value).toHaveLength(1);
  }, 120_000);

  it("a change of 250 KB that fires twenty triggers arrives whole, its long column in each mail", async () => {
    const long = `${"abcdefghi ".repeat(25_000)}the end`;
    const mail = { slug: "long-text", name: "Long text", purpose: "transactional", fallback: "en" };
    await company.publish("mails", {
      ...mail,
      variants: { en: { subject: "Long", html: "<p>{{ event.description }}</p>" } },
    } as never);
    for (let n = 0; n < 20; n += 1) await company.publish("triggers", trigger(n));
    for (let n = 0; n < 20; n += 1) await company.publish("journeys", longJourney(n));
    const person = await company.person("Long");
    const body = ours(contactUpdate(person.id, long));
    expect(body.length).toBeGreaterThan(250_000);
    expect((await post(body, key())).status).toBe(202);
    const mails = (await company.mailsTo(person.address)).filter(({ subject }) => subject === "Long");
    expect(mails).toHaveLength(20);
    expect(mails.every(({ html }) => html.includes(long))).toBe(true);
  }, 120_000);
});

/** The recorded update of a contact, about this one, with a long text in its post-image. */
function contactUpdate(contact: string, long: string): string {
  const context = JSON.parse(SAMPLE);
  const image = {
    Attributes: [{ key: "description", value: long }],
    FormattedValues: [],
    Id: contact,
    LogicalName: "contact",
  };
  const target = context.InputParameters[0];
  target.value.Id = contact;
  target.value.Attributes = [{ key: "jobtitle", value: "Mécanicienne" }];
  return JSON.stringify({
    ...context,
    PrimaryEntityId: contact,
    OperationCreatedOn: `/Date(${Date.now()})/`,
    PreEntityImages: [],
    PostEntityImages: [{ key: "Post", value: image }],
  });
}

function trigger(n: number) {
  return {
    kind: "record",
    slug: `long-${n}`,
    name: `Long ${n}`,
    table: "contact",
    audience: [{ column: "self", table: "contact" }],
    updated: { columns: ["jobtitle"] },
    condition: { kind: "compare", field: "event.description", op: "starts-with", value: "abc" },
  };
}

function longJourney(n: number) {
  const steps = { tell: { kind: "email", mail: "long-text", next: null } };
  return { slug: `long-${n}`, name: `Long ${n}`, entry: { trigger: `long-${n}` }, start: "tell", steps };
}
