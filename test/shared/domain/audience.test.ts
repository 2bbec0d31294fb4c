import { describe, expect, it } from "@jest/globals";
import { offeredWays, wayName } from "../../../shared/domain/audience.ts";
import type { ColumnInfo, TableInfo } from "../../../shared/domain/metadata.ts";

function lookup(column: string, targets: readonly string[], writable = true): ColumnInfo {
  const label = { en: column, fr: column };
  return { column, label, type: "lookup", custom: false, writable, options: [], targets };
}

function table(name: string, ...columns: ColumnInfo[]): TableInfo {
  return { table: name, label: { en: name, fr: name }, custom: false, system: false, nameColumn: null, columns };
}

const ways = (of: TableInfo, near: Readonly<Record<string, readonly ColumnInfo[]>> = {}) => {
  const offered = offeredWays(of, new Map(Object.entries(near)));
  const named = (proposed: boolean) =>
    offered.filter((one) => one.proposed === proposed).map(({ way }) => wayName(way));
  return { proposed: named(true), others: named(false) };
};

describe("the ways to a person", () => {
  it("of a case are its customer if a contact, its primary contact, the account's; then what else it knows", () => {
    const incident = table(
      "incident",
      lookup("accountid", ["account"], false),
      lookup("responsiblecontactid", ["contact"]),
      lookup("primarycontactid", ["contact"]),
      lookup("customerid", ["account", "contact"]),
      lookup("ownerid", ["systemuser", "team"]),
    );
    expect(ways(incident)).toEqual({
      proposed: ["customerid:contact", "primarycontactid:contact", "customerid:account"],
      others: ["responsiblecontactid:contact"],
    });
  });

  it("of a contact, account or lead are the row itself, and others only on demand", () => {
    const contact = table("contact", lookup("parentcustomerid", ["account", "contact"]));
    expect(ways(contact)).toEqual({
      proposed: ["self:contact"],
      others: ["parentcustomerid:contact", "parentcustomerid:account"],
    });
  });

  it("of a table without a customer are its first contact and its first account: a second contact is somebody else", () => {
    const request = table("ab_demande", lookup("ab_demandeurid", ["contact"]), lookup("ab_garantid", ["contact"]));
    expect(ways(request)).toEqual({ proposed: ["ab_demandeurid:contact"], others: ["ab_garantid:contact"] });
  });

  it("lead one row away where the row itself knows nobody", () => {
    const line = table("salesorderdetail", lookup("salesorderid", ["salesorder"]));
    const near = { salesorder: [lookup("customerid", ["account", "contact"]), lookup("ownerid", ["systemuser"])] };
    expect(ways(line, near)).toEqual({
      proposed: ["salesorderid.customerid:contact"],
      others: ["salesorderid.customerid:account"],
    });
  });

  it("are none where nothing leads to anybody", () => {
    expect(ways(table("ab_stock", lookup("ownerid", ["systemuser"])))).toEqual({ proposed: [], others: [] });
  });
});
