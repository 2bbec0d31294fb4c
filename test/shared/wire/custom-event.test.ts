import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Attribute, type CustomTrigger, customTrigger } from "../../../shared/domain/trigger.ts";
import { type CustomEventsRead, readCustomEvents } from "../../../shared/wire/custom-event.ts";

const NOW = Date.parse("2026-03-01T09:00:00.000Z");
const person = { email: "zoe@example.com" };

function triggerWith(attributes: readonly object[], more: object = {}): CustomTrigger {
  return customTrigger.parse({ kind: "custom", slug: "sample", name: "Sample", attributes, ...more });
}

/** The kept values of an attribute, with as many ways to write each as there are. */
const values: { readonly [type in Attribute["type"]]: (attribute: Attribute) => fc.Arbitrary<unknown> } = {
  text: (it) => fc.string({ maxLength: it.type === "text" ? it.maxLength : 0 }),
  number: () => fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
  integer: () => fc.maxSafeInteger(),
  boolean: () => fc.boolean(),
  date: () => moments.map((at) => at.slice(0, 10)),
  moment: () => moments,
  choice: (it) => fc.constantFrom(...(it.type === "choice" ? it.options : [""])),
};
const moments = fc
  .date({ min: new Date("1990-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Values that no attribute of the type takes. */
const MISFITS: { readonly [type in Attribute["type"]]: readonly unknown[] } = {
  text: [1, true, [], {}, "x".repeat(41)],
  number: ["1", true, [], {}, "NaN"],
  integer: [1.5, "1", 2 ** 60, false, {}],
  boolean: ["true", 0, 1, [], {}],
  date: ["2026-02-30", "2026-03-01T00:00:00Z", 20260301, "", {}],
  moment: ["2026-03-01", "2026-03-01T09:00:00", "2026-02-30T09:00:00Z", 0, {}],
  choice: ["none of them", "", 1, null === undefined, {}],
};

const attribute: fc.Arbitrary<object> = fc
  .record({
    name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/).filter((name) => !(name in {})),
    type: fc.constantFrom("text", "number", "integer", "boolean", "date", "moment", "choice"),
    required: fc.boolean(),
  })
  .map((it) => ({
    ...it,
    ...(it.type === "text" && { maxLength: 40 }),
    ...(it.type === "choice" && { options: ["one", "two", "constructor"] }),
  }));

/** A trigger, and an event that fits it: optional attributes may be absent or null. */
const fitting = fc
  .uniqueArray(attribute, { maxLength: 8, selector: (it) => (it as { name: string }).name })
  .map((attributes) => triggerWith(attributes))
  .chain((trigger) =>
    fc.record({
      trigger: fc.constant(trigger),
      attributes: fc.record(
        Object.fromEntries(
          trigger.attributes.map((it) => [
            it.name,
            it.required ? values[it.type](it) : fc.option(values[it.type](it), { nil: null }),
          ]),
        ),
        { requiredKeys: trigger.attributes.filter((it) => it.required).map((it) => it.name) },
      ),
    }),
  );

function placesOf(read: CustomEventsRead): readonly string[] {
  return read.kind === "invalid" ? read.problems.map(({ at }) => at) : [];
}

describe("a custom event", () => {
  it("that fits its trigger's attributes is taken, with every value that is not null", () => {
    fc.assert(
      fc.property(fitting, ({ trigger, attributes }) => {
        const read = readCustomEvents(trigger, "server", JSON.parse(JSON.stringify({ person, attributes })), NOW);
        const kept = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
        expect(read).toMatchObject({ kind: "events", events: [{ attributes: JSON.parse(JSON.stringify(kept)) }] });
      }),
    );
  });

  it("with one value of a wrong type, one missing or one too many is refused, at that place", () => {
    const mutated = fitting.filter(({ trigger }) => trigger.attributes.length > 0);
    const mutation = fc.record({
      which: fc.nat(),
      how: fc.constantFrom("misfit", "missing", "more"),
      misfit: fc.nat(),
    });
    fc.assert(
      fc.property(mutated, mutation, ({ trigger, attributes }, { which, how, misfit }) => {
        const chosen = trigger.attributes[which % trigger.attributes.length];
        if (chosen === undefined) throw new Error("there is one");
        const changed: Record<string, unknown> = { ...attributes };
        const misfits = MISFITS[chosen.type];
        if (how === "misfit") changed[chosen.name] = misfits[misfit % misfits.length];
        if (how === "missing") delete changed[chosen.name];
        if (how === "more") changed["not-an-attribute"] = 1;
        const read = readCustomEvents(trigger, "server", [{ person, attributes: changed }], NOW);
        if (how === "missing" && !chosen.required) expect(read.kind).toBe("events");
        else expect(placesOf(read)).toEqual([how === "more" ? "0.attributes" : `0.attributes.${chosen.name}`]);
      }),
    );
  });

  it("keeps moments in UTC, whatever offset they came with", () => {
    const trigger = triggerWith([{ name: "due", type: "moment" }]);
    const event = {
      person,
      occurredAt: "2026-03-01T08:00:00.5-01:00",
      attributes: { due: "2026-03-29T02:30:00+02:00" },
    };
    expect(readCustomEvents(trigger, "server", event, NOW)).toMatchObject({
      events: [{ occurredAt: "2026-03-01T09:00:00.500Z", attributes: { due: "2026-03-29T00:30:00.000Z" } }],
    });
  });

  it("may lie ahead by as much as clocks differ, and no more", () => {
    const trigger = triggerWith([]);
    const at = (ms: number) => ({ person, occurredAt: new Date(NOW + ms).toISOString() });
    expect(readCustomEvents(trigger, "server", at(300_000), NOW).kind).toBe("events");
    expect(placesOf(readCustomEvents(trigger, "server", at(300_001), NOW))).toEqual(["occurredAt"]);
  });

  it("names its person in one way, which the trigger allows and its sender may use", () => {
    const keys = [{ table: "contact", column: "middlename" }];
    const trigger = triggerWith([], { person: { tables: ["lead", "contact"], keys } });
    const id = "5C0E1F1A-0000-4000-8000-00000000C001";
    const named = (given: unknown, caller: "server" | "browser" = "server") => {
      const read = readCustomEvents(trigger, caller, { person: given }, NOW);
      return read.kind === "events" ? read.events[0]?.person : read.kind;
    };
    expect(named({ lead: id })).toEqual({ by: "id", table: "lead", id: id.toLowerCase() });
    expect(named({ contact: id })).toEqual({ by: "id", table: "contact", id: id.toLowerCase() });
    expect(named({ key: { column: "middlename", value: 7 } })).toEqual({ by: "key", column: "middlename", value: 7 });
    expect(named(person, "browser")).toEqual({ by: "email", ...person });
    for (const wrong of [undefined, null, {}, { account: id }, { ...person, lead: id }, { email: "x" }, { lead: "7" }])
      expect(named(wrong)).toBe("invalid");
    expect(named({ key: { column: "lastname", value: "x" } })).toBe("invalid");
    expect(named({ contact: id }, "browser")).toBe("invalid");
  });

  it("is about a record of the trigger's table, if it has one", () => {
    const id = "5c0e1f1a-0000-4000-8000-00000000c001";
    const send = (trigger: CustomTrigger, record: unknown) =>
      placesOf(readCustomEvents(trigger, "server", { person, record }, NOW));
    expect(send(triggerWith([], { table: "incident" }), { table: "incident", id })).toEqual([]);
    expect(send(triggerWith([], { table: "incident" }), { table: "lead", id })).toEqual(["record.table"]);
    expect(send(triggerWith([]), null)).toEqual([]);
    expect(send(triggerWith([]), { table: "incident", id })).toEqual(["record"]);
  });

  it("that would not fit into a message is refused", () => {
    const names = Array.from({ length: 20 }, (_, n) => `text${n}`);
    const trigger = triggerWith(names.map((name) => ({ name, type: "text" })));
    const attributes = Object.fromEntries(names.map((name) => [name, "x".repeat(4_000)]));
    expect(placesOf(readCustomEvents(trigger, "server", { person, attributes }, NOW))).toEqual(["attributes"]);
  });
});
