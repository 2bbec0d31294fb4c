import type { Table } from "../catalogue/types.ts";
import { numberOf, type Value, type Values } from "../store/values.ts";

type Compute = (written: Values, before: Values | undefined, random: () => string) => Values;

/** Columns that Dataverse works out itself, by table. They are part of the Target that steps see. */
const RULES: Readonly<Record<string, Compute>> = {
  contact: fullName,
  lead: fullName,
  systemuser: fullName,
  incident: numbered("ticketnumber", "CAS"),
  salesorder: numbered("ordernumber", "ORD"),
  quote: numbered("quotenumber", "QUO"),
  contract: numbered("contractnumber", "CNR"),
  salesorderdetail: lineAmounts,
  serviceendpoint: (written) =>
    written.authvalue === undefined ? written : { ...written, isauthvalueset: written.authvalue !== null },
};

/** @param random four to six letters and digits for a number's end */
export function computed(table: Table, written: Values, before: Values | undefined, random: () => string): Values {
  return RULES[table.name]?.(written, before, random) ?? written;
}

function fullName(written: Values, before: Values | undefined): Values {
  if (written.firstname === undefined && written.lastname === undefined && before) return written;
  const now = { ...before, ...written };
  const parts = [now.firstname, now.lastname].filter((part) => typeof part === "string");
  const name = parts.length > 0 ? parts.join(" ") : null;
  return { ...written, fullname: name, yomifullname: name };
}

function numbered(column: string, prefix: string): Compute {
  return (written, before, random) =>
    before || written[column] ? written : { ...written, [column]: `${prefix}-${random()}` };
}

function lineAmounts(written: Values, before: Values | undefined): Values {
  const now = { ...before, ...written };
  const [quantity, price] = [numberOf(now.quantity), numberOf(now.priceperunit)];
  const named: Record<string, Value> = { ...written };
  if (now.salesorderdetailname === undefined || now.salesorderdetailname === null)
    named.salesorderdetailname = now.productdescription ?? null;
  if (quantity === undefined || price === undefined) return named;
  const amount = cents(quantity * price);
  const extended = amount - (numberOf(now.manualdiscountamount) ?? 0) + (numberOf(now.tax) ?? 0);
  return { ...named, baseamount: amount, extendedamount: cents(extended) };
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
