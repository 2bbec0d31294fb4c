import { describe, expect, it } from "@jest/globals";
import { type People, reachOf, reachOfFirst } from "../../../shared/domain/reach.ts";
import type { Columns } from "../../../shared/domain/value.ts";

const to = (table: string, id: string) => ({ table, id, name: null });
const people = (rows: Partial<Record<keyof People, Readonly<Record<string, Columns>>>>): People => ({
  contact: new Map(Object.entries(rows.contact ?? {})),
  account: new Map(Object.entries(rows.account ?? {})),
  lead: new Map(Object.entries(rows.lead ?? {})),
});
const anna = { statecode: 0, emailaddress1: "anna@example.com" };
const reach = (target: Parameters<typeof reachOf>[0], them: People) => reachOf(target, them, "emailaddress1");

describe("whom a way reaches", () => {
  it("is the person, where there is one with an address", () => {
    expect(reach({ table: "contact", id: "a" }, people({ contact: { a: anna } }))).toEqual({
      ...{ outcome: "reached", member: "contact:a", merged: false },
    });
    expect(reach({ table: "lead", id: "l" }, people({ lead: { l: anna } })).member).toBe("lead:l");
  });

  it("is said to have no address, or to be inactive", () => {
    const them = people({ contact: { mute: { statecode: 0, emailaddress1: " " }, gone: { ...anna, statecode: 1 } } });
    expect(reach({ table: "contact", id: "mute" }, them).outcome).toBe("no-address");
    expect(reach({ table: "contact", id: "gone" }, them).outcome).toBe("inactive");
  });

  it("is whom a merged one became, also over several merges; a circle of merges is nobody", () => {
    const merged = (into: string) => ({ statecode: 1, merged: true, masterid: to("contact", into) });
    const chain = people({ contact: { a: merged("b"), b: merged("c"), c: anna } });
    expect(reach({ table: "contact", id: "a" }, chain)).toEqual({
      ...{ outcome: "reached", member: "contact:c", merged: true },
    });
    const circle = people({ contact: { a: merged("b"), b: merged("a") } });
    expect(reach({ table: "contact", id: "a" }, circle).outcome).toBe("nobody");
  });

  it("of an account is its primary contact, or the lack of one", () => {
    const them = people({
      account: { full: { primarycontactid: to("contact", "a") }, bare: {} },
      contact: { a: anna },
    });
    expect(reach({ table: "account", id: "full" }, them).member).toBe("contact:a");
    expect(reach({ table: "account", id: "bare" }, them).outcome).toBe("no-primary-contact");
  });

  it("by several ways is the first person found, even without an address: as it is for events", () => {
    const them = people({ contact: { mute: { statecode: 0 }, a: anna }, account: { bare: {} } });
    const first = (...ids: [table: "contact" | "account", id: string][]) =>
      reachOfFirst(
        ids.map(([table, id]) => ({ table, id })),
        them,
        "emailaddress1",
      );
    expect(first(["account", "bare"], ["contact", "a"]).member).toBe("contact:a");
    expect(first(["contact", "mute"], ["contact", "a"]).outcome).toBe("no-address");
    expect(first(["contact", "lost"], ["account", "bare"]).outcome).toBe("no-primary-contact");
    expect(first().outcome).toBe("nobody");
  });
});
