import type { Column, ColumnType } from "./types.ts";

const EDM: Readonly<Partial<Record<ColumnType, string>>> = {
  integer: "Edm.Int32",
  picklist: "Edm.Int32",
  state: "Edm.Int32",
  status: "Edm.Int32",
  bigint: "Edm.Int64",
  decimal: "Edm.Decimal",
  money: "Edm.Decimal",
  double: "Edm.Double",
  boolean: "Edm.Boolean",
  lookup: "Edm.Guid",
  customer: "Edm.Guid",
  owner: "Edm.Guid",
  uniqueidentifier: "Edm.Guid",
};

/** The type of a column's value in OData, a lookup's being that of its id. */
export function edmTypeOf({ type, dateOnly }: Column): string {
  if (type === "datetime") return dateOnly ? "Edm.Date" : "Edm.DateTimeOffset";
  return EDM[type] ?? "Edm.String";
}
