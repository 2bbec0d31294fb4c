import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ParcoursError } from "../../../../shared/errors.ts";
import { answerTwice } from "../../../../shared/use-cases/why/answer-twice.ts";
import { ANNA, BEN, event } from "../../../support/company-in-process.ts";
import { CASE } from "../../wire/payload.ts";
import { CASE_ABOUT, THANKS, WhyWorld } from "./why-world.ts";

const ANNA_ID = ANNA.slice("contact:".length);
const BEN_ID = BEN.slice("contact:".length);

describe("whom or what one asks about", () => {
  let company: WhyWorld;
  beforeEach(async () => {
    company = await WhyWorld.open();
    await company.save({ before: 0, after: 1 });
  });
  afterEach(() => company.close());

  const subject = async (about: string): Promise<string> => {
    const told = await company.why(about);
    return told.kind === "answer" ? told.subject : told.kind;
  };

  it.each([
    [`incident:${CASE}`, CASE_ABOUT],
    [`INCIDENT:{${CASE.toUpperCase()}}`, CASE_ABOUT],
    ["CAS-01042", CASE_ABOUT],
    ["  cas-01042 ", CASE_ABOUT],
    ["brake", CASE_ABOUT],
    ["anna@example.com", ANNA],
    ["Anna Blum", ANNA],
    [`https://contoso.crm4.dynamics.com/main.aspx?etn=incident&pagetype=entityrecord&id=${CASE}`, CASE_ABOUT],
    [`https://contoso.crm4.dynamics.com/main.aspx#etn=contact&id=%7b${ANNA_ID}%7d`, ANNA],
    [`http://localhost:7072/#/incidents/${CASE}`, CASE_ABOUT],
    [`https://contoso.crm4.dynamics.com/api/data/v9.2/incidents(${CASE})`, CASE_ABOUT],
    ["nobody of that name", "nobody"],
    ["https://contoso.crm4.dynamics.com/main.aspx?pagetype=dashboard", "nobody"],
    ["", "nobody"],
  ])("%s is understood", async (about, meant) => {
    expect(await subject(about)).toBe(meant);
  });

  it("an id alone is looked for in the tables of triggers and of people, and a row that is gone in the reasons", async () => {
    company.world.dataverse.rows.delete(ANNA);
    expect(await subject(CASE)).toBe(CASE_ABOUT);
    company.world.dataverse.rows.delete(CASE_ABOUT);
    expect(await subject(CASE)).toBe(CASE_ABOUT);
    expect(await subject("5c0e1f1a-0000-4000-8000-00000000ffff")).toBe("nobody");
  });

  it("several of a name are a list to choose from, each with what to ask again with", async () => {
    const anna = company.world.dataverse.rows.get(ANNA) ?? {};
    company.world.dataverse.put("contact", BEN_ID, { ...anna, fullname: "Anna Blumenthal" });
    expect(await company.why("anna blu")).toEqual({
      kind: "choices",
      answer: "Several are called so: which one?",
      choices: [
        { about: ANNA, table: "Contact", label: "Contact Anna Blum" },
        { about: BEN, table: "Contact", label: "Contact Anna Blumenthal" },
      ],
    });
    expect(await subject("Anna Blum")).toBe(ANNA);
  });

  it("where Dataverse can't be asked, that is said, and what is known is told all the same", async () => {
    company.world.dataverse.onRead = () => {
      throw new ParcoursError("DATAVERSE_UNAVAILABLE", "down");
    };
    expect((await company.answer()).answer).toMatch(/^Mail “thanks” was sent to the person on/);
    company.world.dataverse.search = async () => {
      throw new ParcoursError("DATAVERSE_UNAVAILABLE", "down");
    };
    expect(await company.why("CAS-01042")).toMatchObject({
      kind: "nobody",
      answer: "Dataverse could not be asked who that is.",
    });
  });

  it("a ticket gets ids, and no name, no address and no text of anybody's", async () => {
    const withTitle = { kind: "compare", field: "record.title", op: "contains", value: "brake pads" };
    const entry = { trigger: "status-changed", filter: withTitle };
    await company.world.publish("journeys", { ...THANKS, slug: "titled", name: "Titled", entry });
    await company.save({ before: 0, after: 2 });
    const text = await company.text();
    expect(text).toContain(`Why? Case ${CASE}`);
    expect(text).toContain("Status: Active → Cancelled");
    expect(text).toMatch(/Title is \(left out\); needed something that contains \(left out\)/);
    expect(text).not.toMatch(/anna|blum|léa|martin|brake|CAS-01042|@/i);
    expect(await company.text("anna@example.com")).not.toMatch(/anna|blum|@/i);
  });
});

describe("why somebody got something twice", () => {
  let company: WhyWorld;
  beforeEach(async () => {
    company = await WhyWorld.open();
  });
  afterEach(() => company.close());

  const twice = (about: string, journey?: string) =>
    answerTwice({ about, journey, language: "en", discreet: false }, company.deps);

  it("because the journey lets people enter again: both changes, and who made them", async () => {
    const entry = { ...(THANKS.entry as object), reentry: { kind: "always" } };
    await company.world.publish("journeys", { ...THANKS, entry });
    await company.save({ before: 0, after: 1 });
    await company.save({ before: 1, after: 0 });
    await company.save({ before: 0, after: 1 });
    const told = await twice(ANNA, "thank-you");
    expect(told).toMatchObject({
      kind: "answer",
      answer: "Anna Blum entered “Thank you” twice: two changes, and its setting lets people enter again.",
      sides: [{ change: { text: expect.stringContaining("changed by Léa Martin") } }, { change: {} }],
    });
    expect(told.kind === "answer" && told.sides.map(({ chain }) => chain.length)).toEqual([7, 7]);
  });

  it("because two rows of persons share the address", async () => {
    await company.save({ before: 0, after: 1 });
    const anna = company.world.dataverse.rows.get(ANNA) ?? {};
    company.world.dataverse.put("contact", BEN_ID, anna);
    company.customer = BEN_ID;
    await company.save({ before: 1, after: 0 });
    await company.save({ before: 0, after: 1 });
    expect(await twice("anna@example.com")).toMatchObject({
      answer: "2 rows of persons entered “Thank you”, one for each row that shares this address.",
      mend: "Merge the rows in Dynamics: one person, one row.",
    });
    expect(await twice(CASE_ABOUT)).toMatchObject({
      answer: expect.stringContaining("Two persons entered “Thank you” for Case CAS-01042"),
    });
  });

  it("because another system told it twice, about no record", async () => {
    const { world } = company;
    await world.publish("triggers", { kind: "custom", slug: "shipped", name: "Shipped" });
    await world.publish("journeys", { ...THANKS, slug: "shipped", name: "Parcel", entry: { trigger: "shipped" } });
    for (const id of ["one", "two"]) {
      await world.bring(event(world, "shipped", { id, record: null, change: null, message: null }));
      await world.quiet();
    }
    expect(await twice(ANNA)).toMatchObject({
      answer: "Anna Blum entered “Parcel” twice: “Shipped” came twice and named no record.",
    });
  });

  it("because she is in two journeys", async () => {
    await company.world.publish("journeys", { ...THANKS, slug: "again", name: "Again" });
    await company.save({ before: 0, after: 1 });
    expect(await twice(ANNA)).toMatchObject({ answer: expect.stringMatching(/^Anna Blum is in two journeys: /) });
  });

  it("was only once, or not at all, and that is said", async () => {
    expect(await twice(ANNA, "thank-you")).toMatchObject({ answer: expect.stringMatching(/^Not once: /), sides: [] });
    await company.save({ before: 0, after: 1 });
    const once = await twice(ANNA, "thank-you");
    expect(once).toMatchObject({
      answer: expect.stringMatching(/^Only once: Anna Blum entered “Thank you” on 1 March/),
    });
    expect(once.kind === "answer" && once.sides).toHaveLength(1);
  });
});
