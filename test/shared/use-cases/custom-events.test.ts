import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ParcoursError } from "../../../shared/errors.ts";
import { publishDefinition } from "../../../shared/use-cases/publish-definition.ts";
import { type CustomReceived, receiveCustomEvents } from "../../../shared/use-cases/receive-custom-events.ts";
import { saveDefinition } from "../../../shared/use-cases/save-definition.ts";
import { ANNA, mail, openCompany } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { inProcess, type World } from "../../support/in-process.ts";

const TRIGGER = {
  kind: "custom",
  slug: "parcel-sent",
  name: "Parcel sent",
  person: { tables: ["contact", "lead", "account"], keys: [{ table: "lead", column: "subject" }] },
  table: "salesorder",
  attributes: [
    { name: "weight", type: "number" },
    { name: "secret", type: "text" },
  ],
};
const JOURNEY = {
  slug: "parcel",
  name: "Parcel",
  entry: { trigger: "parcel-sent", filter: { kind: "compare", field: "event.weight", op: "lt", value: 10 } },
  start: "rest",
  steps: { rest: { kind: "wait", duration: "P1D", next: null } },
};
const LEAD = "5c0e1f1a-0000-4000-8000-00000000f001";
const ACCOUNT = "5c0e1f1a-0000-4000-8000-00000000f002";
const ORDER = "5c0e1f1a-0000-4000-8000-00000000f003";
const ANNAS = { email: "person-0@example.com" };

describe("events of another system", () => {
  let world: World;
  beforeEach(async () => {
    world = inProcess();
    await openCompany(world);
    await world.publish("triggers", TRIGGER);
    await world.publish("journeys", JOURNEY);
  });
  afterEach(() => world.close());

  const send = async (body: unknown, key = "ingestion-key", origin?: string): Promise<CustomReceived> => {
    const received = await receiveCustomEvents(
      { trigger: "parcel-sent", key, origin, body: JSON.stringify(body) },
      world.deps,
    );
    await world.quiet();
    return received;
  };
  const outcomes = (received: CustomReceived): readonly string[] =>
    "events" in received ? received.events.map(({ outcome }) => outcome) : [received.kind];
  const decisions = (about: string) => world.calm.decisions.about(about, world.clock.now(), 1);
  const away = async (): Promise<never> => {
    throw new ParcoursError("DATAVERSE_UNAVAILABLE", "away");
  };

  it("are taken while Dataverse does not answer: the person is found once it does", async () => {
    const { find } = world.dataverse;
    world.dataverse.find = away;
    const received = await receiveCustomEvents(
      {
        trigger: "parcel-sent",
        key: "ingestion-key",
        origin: undefined,
        body: JSON.stringify({ person: ANNAS, attributes: { weight: 2 } }),
      },
      world.deps,
    );
    expect(received).toMatchObject({
      kind: "taken",
      events: [{ outcome: "accepted", reason: expect.stringContaining("Dataverse") }],
    });
    world.dataverse.find = find;
    await world.pass(60_000);
    expect(await runsOf(world, ANNA)).toHaveLength(1);
  });

  it("carry the attributes that some journey uses, and no other", async () => {
    await send({ person: ANNAS, attributes: { weight: 2, secret: "nobody asks" } });
    const [message] = world.bus.messages.filter(({ properties }) => properties.trigger === "parcel-sent");
    expect(message?.body).toMatchObject({ after: { weight: 2 } });
    expect(JSON.stringify(message)).not.toContain("nobody asks");
  });

  it("about an account are about its primary contact; about a lead, about that lead", async () => {
    const primarycontactid = { table: "contact", id: ANNA.slice("contact:".length), name: null };
    world.dataverse.put("account", ACCOUNT, { primarycontactid });
    world.dataverse.put("lead", LEAD, { statecode: 0, subject: "L-1" });
    const attributes = { weight: 1 };
    const received = await send([
      { person: { account: ACCOUNT }, attributes },
      { person: { key: { column: "subject", value: "L-1" } }, attributes },
      { person: { account: LEAD }, attributes },
    ]);
    expect(outcomes(received)).toEqual(["accepted", "accepted", "unknown"]);
    expect(await runsOf(world, ANNA)).toHaveLength(1);
    expect(await runsOf(world, `lead:${LEAD}`)).toHaveLength(1);
  });

  it("that name nobody leave their reason at the record that they are about", async () => {
    const received = await send({ person: { email: "x@example.com" }, record: { table: "salesorder", id: ORDER } });
    expect(outcomes(received)).toEqual(["unknown"]);
    expect(await decisions(`salesorder:${ORDER}`)).toContainEqual(
      expect.objectContaining({ kind: "event", outcome: "unknown", reason: expect.stringContaining("no active lead") }),
    );
  });

  it("find a contact before a lead of the same address, and two contacts never give way to a lead", async () => {
    world.dataverse.put("lead", LEAD, { statecode: 0, emailaddress1: ANNAS.email });
    expect(outcomes(await send({ person: ANNAS, attributes: { weight: 1 } }))).toEqual(["accepted"]);
    expect(await runsOf(world, ANNA)).toHaveLength(1);
    world.dataverse.put("contact", ACCOUNT, { statecode: 0, emailaddress1: ANNAS.email });
    expect(outcomes(await send({ person: ANNAS, attributes: { weight: 2 } }))).toEqual(["ambiguous"]);
    expect(await runsOf(world, `lead:${LEAD}`)).toHaveLength(0);
  });

  it("whose person can't be asked for are said to be about nobody, with Dataverse's reason", async () => {
    world.dataverse.find = async () => {
      throw new ParcoursError("DATAVERSE_REFUSED", "there is no column subject");
    };
    const received = await send({ person: { key: { column: "subject", value: "L-1" } }, attributes: { weight: 1 } });
    expect(received).toMatchObject({
      events: [{ outcome: "unknown", reason: "lead by subject: there is no column subject" }],
    });
    expect(await decisions("trigger:parcel-sent")).toHaveLength(1);
  });

  it("of a page can't take the idempotency key of a server's", async () => {
    const event = { person: ANNAS, idempotencyKey: "parcel-1", attributes: { weight: 1 } };
    const page = await send(event, "browser-key", "https://shop.example");
    const server = await send(event);
    if (!("events" in page) || !("events" in server)) throw new Error("one was not taken");
    expect(page.events[0]?.id).not.toBe(server.events[0]?.id);
  });

  it("are refused where nothing can keep them, so that their sender tries again", async () => {
    world.bus.down = true;
    const spill = { put: away } as unknown as World["deps"]["spill"];
    const body = JSON.stringify({ person: ANNAS });
    const delivery = { trigger: "parcel-sent", key: "ingestion-key", origin: undefined, body };
    expect(await receiveCustomEvents(delivery, { ...world.deps, spill })).toMatchObject({ kind: "unavailable" });
  });

  it("come in batches of a hundred, and larger bodies than a batch of usual events are refused", async () => {
    const batch = Array.from({ length: 100 }, (_, n) => ({ person: ANNAS, idempotencyKey: `p-${n}` }));
    expect(new Set(outcomes(await send(batch)))).toEqual(new Set(["accepted"]));
    expect(await send([{ person: ANNAS, attributes: { secret: "x".repeat(1_000_000) } }])).toMatchObject({
      kind: "too-large",
    });
  });

  it("are refused by a journey at its publish that asks what they do not bring", async () => {
    const wrong = {
      ...JOURNEY,
      slug: "wrong",
      entry: { ...JOURNEY.entry, filter: { kind: "compare", field: "event.wieght", op: "lt", value: 1 } },
    };
    await saveDefinition("journeys", "wrong", wrong, undefined, world.calm);
    expect(await publishDefinition("journeys", "wrong", world.calm)).toEqual({
      kind: "invalid",
      problems: [{ at: "event.wieght", problem: '"parcel-sent" has no attribute "wieght": it has weight, secret' }],
    });
    await world.publish("mails", mail("shown", "{{ event.colour }}"));
    const steps = { tell: { kind: "email", mail: "shown", next: null } };
    await saveDefinition(
      "journeys",
      "shows",
      { ...JOURNEY, slug: "shows", start: "tell", steps },
      undefined,
      world.calm,
    );
    expect(await publishDefinition("journeys", "shows", world.calm)).toMatchObject({
      kind: "invalid",
      problems: [{ at: "event.colour" }],
    });
  });
});
