import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { TriggerEvent } from "../../../shared/domain/event.ts";
import { receiveChange } from "../../../shared/use-cases/receive-change.ts";
import { recordDecision } from "../../../shared/use-cases/record-decision.ts";
import { type ChangeReport, readReport } from "../../../shared/wire/bus-messages.ts";
import { ANNA, mail, openCompany } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { type Document, inProcess, type World } from "../../support/in-process.ts";
import { runs } from "../../support/runs.ts";
import { CASE as CASE_ID, caseBody, lookup } from "../wire/payload.ts";

const MOST_BYTES = 200 * 1024;
const long = (text: string) => text.repeat(Math.ceil(5_000 / text.length));

/** Its mails and endings name title and description, and nothing else of the case. */
const JOURNEY: Document = {
  slug: "described",
  name: "Described",
  entry: { trigger: "case-resolved", filter: contains("description", "resolved") },
  goals: [{ name: "refunded", trigger: "case-touched", condition: contains("description", "refund") }],
  exits: [{ name: "reopened", trigger: "case-reopened", condition: contains("title", "reopened") }],
  start: "rest",
  steps: {
    rest: { kind: "wait-for", trigger: "case-touched", within: "P1D", happened: "judge", elapsed: null, ...waits() },
    judge: {
      kind: "branch",
      arms: [{ name: "urgent", when: contains("rest.description", "urgent"), next: "describe" }],
      otherwise: null,
    },
    describe: { kind: "email", mail: "described", next: null },
  },
};

function waits() {
  return { condition: contains("description", "hurry") };
}

function contains(column: string, value: string) {
  return { kind: "compare", field: `event.${column}`, op: "contains", value } as const;
}

async function opened(journey = JOURNEY): Promise<World> {
  const world = inProcess();
  const touched = {
    ...{ kind: "record", slug: "case-touched", name: "Touched", table: "incident" },
    audience: [{ column: "customerid", table: "contact" }],
    updated: { columns: ["description"], onlyWhenChanged: false },
  };
  await world.publish("mails", mail("described", "<p>{{ event.description }}|{{ event.rest.description }}</p>"));
  await openCompany(world, []);
  await world.publish("triggers", touched);
  await world.publish("journeys", journey);
  return world;
}

async function change(world: World, columns: Record<string, string | number>, operation = "1"): Promise<void> {
  const post = { ...columns, customerid: lookup("contact", ANNA.slice("contact:".length)) };
  const over = {
    OrganizationId: world.deps.settings.organization,
    OperationId: `22222222-aaaa-4aaa-8aaa-00000000000${operation}`,
    OperationCreatedOn: `/Date(${world.clock.now()}+0000)/`,
  };
  const body = caseBody({ target: columns, pre: { customerid: post.customerid }, post, over });
  const received = await receiveChange({ key: "webhook-key", body, oversize: false }, world.deps);
  expect(received.kind).toBe("fired");
  await world.quiet();
}

function eventsOf(world: World): TriggerEvent[] {
  return world.bus.messages
    .filter((message) => message.subject === "event")
    .map((message) => message.body as TriggerEvent);
}

function reportsOf(world: World): ChangeReport[] {
  return world.bus.messages
    .filter((message) => message.subject === "change")
    .map((message) => readReport(message.body));
}

describe("an event", () => {
  it("carries the columns that some version names, and no others", async () => {
    const world = await opened();
    await change(world, { title: "Brakes", description: "short", internalnotes: "for nobody's eyes", prioritycode: 1 });
    const columns = (trigger: string) =>
      Object.keys(eventsOf(world).find((one) => one.trigger === trigger)?.after ?? {}).sort();
    // No journey names the title for the trigger that only enters.
    expect(columns("case-resolved")).toEqual(["description"]);
    expect(columns("case-reopened")).toEqual(["title"]);
    expect(JSON.stringify(eventsOf(world))).not.toContain("nobody");
    world.close();
  });

  it("leaves long text to the stored body, and points to it", async () => {
    const world = await opened();
    await change(world, { title: "Brakes", description: long("noise ") });
    const event = eventsOf(world).find((one) => one.trigger === "case-resolved");
    expect(event?.after.description).toBeUndefined();
    const stored = await world.calm.changes.read(event?.changeRef ?? "");
    expect(stored?.after?.description).toBe(long("noise "));
    world.close();
  });
});

describe("long text that was left out of an event", () => {
  it("is read by the entry's filter and by a mail", async () => {
    const world = await opened({
      ...JOURNEY,
      goals: [],
      start: "describe",
      steps: { describe: { kind: "email", mail: "described", next: null } },
    });
    await change(world, { description: `${long("resolved ")}END` });
    expect(world.mailer.mails[0]?.html).toContain("END");
    world.close();
  });

  it("is read by a goal's condition", async () => {
    const world = await opened();
    await change(world, { description: "resolved" });
    await world.pass(5_000);
    await change(world, { description: `${long("noise ")} refund` }, "2");
    expect((await runsOf(world, ANNA))[0]?.state.ended).toMatchObject({ as: "goal", name: "refunded" });
    world.close();
  });

  it("is read by the condition of a wait, by a branch after it and by its mail, but not kept in the run", async () => {
    const world = await opened();
    await change(world, { description: "resolved" });
    await world.pass(5_000);
    await change(world, { description: `${long("noise ")} hurry, urgent` }, "2");
    expect(world.mailer.mails[0]?.html).toContain("hurry, urgent");
    const [row] = await runsOf(world, ANNA);
    expect(row?.state.ended?.as).toBe("completed");
    expect(JSON.stringify(row)).not.toContain("noise");
    world.close();
  });
});

describe("messages", () => {
  const text = fc.oneof(
    fc
      .constantFrom("é", "報", "\u0001", '"', "👩‍🔧", "plain ")
      .chain((unit) => fc.nat({ max: 9_000 }).map((length) => unit.repeat(Math.ceil(length / unit.length)))),
    fc.constant(""),
  );

  it("stay under 200 KB, whatever the columns hold, and nothing of the change is lost", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 40 }), async (texts) => {
        const names = texts.map((_, n) => `ab_text${n}`);
        const world = inProcess();
        const html = names.map((name) => `{{ event.${name} }}`).join(" ");
        await world.publish("mails", mail("described", html));
        await openCompany(world, []);
        for (let n = 0; n < 12; n += 1) await world.publish("triggers", watching(n, names));
        await world.publish("journeys", {
          ...{ slug: "all", name: "All", entry: { trigger: "case-resolved" }, start: "describe" },
          steps: { describe: { kind: "email", mail: "described", next: null } },
        });
        const columns = Object.fromEntries(texts.map((value, n) => [names[n] ?? "", value]));
        await change(world, columns);
        for (const message of world.bus.messages)
          expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(MOST_BYTES);
        const [report] = reportsOf(world);
        if (report === undefined) throw new Error("no report");
        await recordDecision(report, world.calm);
        const at = Date.parse(report.at);
        const [decision] = await world.calm.decisions.about(`incident:${CASE_ID}`, at, 1);
        if (decision?.kind !== "change") throw new Error("no decision");
        expect(decision.considered.length).toBeGreaterThan(0);
        const stored = await world.calm.changes.read(decision.changeRef ?? "");
        expect(stored?.after).toMatchObject(Object.fromEntries(Object.entries(columns).filter(([, it]) => it !== "")));
        world.close();
      }),
      // Three bytes a character, just short enough to be left in; and one long text that many triggers looked at.
      { ...runs(25), examples: [[Array<string>(24).fill("報".repeat(3_990))], [["報".repeat(9_000)]]] },
    );
  });

  /** A trigger that looks at one column and is not fired by it: the report says what it saw. */
  function watching(n: number, names: readonly string[]): Document {
    const column = names[n % names.length] ?? "title";
    const condition = { kind: "compare", field: `event.${column}`, op: "starts-with", value: `never ${n}` };
    return {
      ...{ kind: "record", slug: `watching-${n}`, name: `Watching ${n}`, table: "incident", condition },
      audience: [{ column: "customerid", table: "contact" }],
      updated: { columns: "any", onlyWhenChanged: false },
    };
  }
});
