import { describe, expect, it } from "@jest/globals";
import { copyDefinitions, importDefinitions } from "../../../shared/use-cases/copy-definitions.ts";
import { changeGate } from "../../../shared/use-cases/operate.ts";
import { definitionCopies, type SentCopy } from "../../../shared/wire/definition-copies.ts";
import { ANNA, event, JOURNEY, mail, openCompany } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { inProcess, type World } from "../../support/in-process.ts";

/** All pages, as a backup holds them: through JSON, and read as the API reads them. */
async function backup(world: World): Promise<readonly SentCopy[]> {
  const definitions: SentCopy[] = [];
  let next: string | null | undefined;
  do {
    const page = await copyDefinitions(next ?? undefined, world.calm);
    const text = JSON.stringify({ format: "parcours-definitions/1", ...page });
    definitions.push(...definitionCopies.parse(JSON.parse(text)).definitions);
    next = page?.next;
  } while (typeof next === "string");
  return definitions;
}

/** A company that published its journey twice, edits a draft, and has paused it. */
async function company(): Promise<World> {
  const world = inProcess();
  await openCompany(world);
  await world.publish("journeys", { ...JOURNEY, name: "After the case, better" });
  await world.publish("mails", mail("invitation", "<p>{{ survey.link }} again</p>"));
  const etag = (await world.calm.journeys.draft(JOURNEY.slug))?.etag;
  const draft = (await world.calm.journeys.draft(JOURNEY.slug))?.value;
  if (draft !== undefined)
    await world.calm.journeys.save(
      JOURNEY.slug,
      "Edited",
      { ...draft, name: "Edited" },
      etag,
      "2026-03-01T10:00:00.000Z",
    );
  return world;
}

const outcomes = (imported: Awaited<ReturnType<typeof importDefinitions>>) => [
  ...new Set(imported.definitions.map(({ outcome }) => outcome)),
];

describe("definitions that are taken elsewhere", () => {
  it("are there as they were: drafts, every version, what is published and since when", async () => {
    const [here, there] = [await company(), inProcess()];
    const copies = await backup(here);
    expect(copies.map(({ kind, line }) => `${kind} ${line.slug} ${line.published}`)).toEqual([
      "mails apology 1",
      "mails invitation 2",
      "mails thanks 1",
      "surveys opinion 1",
      "triggers case-reopened 1",
      "triggers case-resolved 1",
      "triggers case-touched 1",
      "triggers order-created 1",
      "journeys after-the-case 2",
    ]);
    expect(outcomes(await importDefinitions(copies, there.calm))).toEqual(["created"]);
    expect(await backup(there)).toEqual(copies);
    for (const world of [here, there]) world.close();
  });

  it("change nothing when they are brought once more", async () => {
    const [here, there] = [await company(), inProcess()];
    const copies = await backup(here);
    await importDefinitions(copies, there.calm);
    const generation = await there.calm.generation.read();
    expect(outcomes(await importDefinitions(copies, there.calm))).toEqual(["same"]);
    expect(await there.calm.generation.read()).toBe(generation);
    expect(await backup(there)).toEqual(copies);
    for (const world of [here, there]) world.close();
  });

  it("are in force: who is to enter enters, in the version that was published, with the mail that it pins", async () => {
    const [here, there] = [await company(), inProcess()];
    await importDefinitions([...(await backup(here))].reverse(), there.calm);
    there.clock.moveTo(there.clock.now() + there.calm.settings.catalogueLifetime);
    there.dataverse.put("contact", ANNA.slice("contact:".length), { statecode: 0, emailaddress1: "a@example.com" });
    await there.bring(event(there, "case-resolved"));
    await there.quiet();
    const [row] = await runsOf(there, ANNA);
    expect(row?.state).toMatchObject({ journey: JOURNEY.slug, version: 2 });
    // The version pins the mail's first revision; the second came after it.
    expect(there.mailer.mails).toHaveLength(1);
    expect(there.mailer.mails[0]?.html).not.toContain("again");
    for (const world of [here, there]) world.close();
  });

  it("keep what stands over a journey", async () => {
    const [here, there] = [await company(), inProcess()];
    await changeGate(JOURNEY.slug, { state: "paused" }, here.runner, here.calm);
    await importDefinitions(await backup(here), there.calm);
    expect((await there.calm.gates.read(JOURNEY.slug)).state).toBe("paused");
    for (const world of [here, there]) world.close();
  });

  it("add what is missing to what is there, and leave a draft that somebody works on", async () => {
    const [here, there] = [await company(), inProcess()];
    const copies = await backup(here);
    await openCompany(there);
    const imported = await importDefinitions(copies, there.calm);
    const of = (slug: string) => imported.definitions.find((one) => one.slug === slug);
    expect(of("thanks")).toMatchObject({ outcome: "same", note: null });
    expect(of("invitation")).toMatchObject({ outcome: "completed" });
    expect(of(JOURNEY.slug)?.note).toBe("another draft stands here, and stays");
    expect((await there.calm.journeys.listed(JOURNEY.slug))?.published).toBe(2);
    expect((await there.calm.journeys.draft(JOURNEY.slug))?.value.name).toBe(JOURNEY.name);
    for (const world of [here, there]) world.close();
  });

  it("never overwrite a version that says something else", async () => {
    const [here, there] = [await company(), inProcess()];
    const copies = await backup(here);
    await there.publish("mails", mail("thanks", "<p>Something else</p>"));
    const imported = await importDefinitions(copies, there.calm);
    expect(imported.definitions.find(({ slug }) => slug === "thanks")).toMatchObject({
      outcome: "conflict",
      note: "revision 1 says something else here: nothing was changed",
    });
    expect((await there.calm.mails.revision("thanks", 1))?.variants.en?.html).toBe("<p>Something else</p>");
    for (const world of [here, there]) world.close();
  });

  it("are refused where their parts do not belong together", async () => {
    const [here, there] = [await company(), inProcess()];
    const [copy] = await backup(here);
    if (copy === undefined) throw new Error("nothing was copied");
    const odd = [
      { ...copy, line: { ...copy.line, slug: "other" } },
      { ...copy, line: { ...copy.line, published: 7 } },
    ] as SentCopy[];
    expect(outcomes(await importDefinitions(odd, there.calm))).toEqual(["conflict"]);
    expect(await backup(there)).toEqual([]);
    for (const world of [here, there]) world.close();
  });
});
