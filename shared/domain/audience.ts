import { type ColumnInfo, isPersonTable, type TableInfo } from "./metadata.ts";
import type { AudienceWay } from "./trigger.ts";

/** A way that an author may choose; those that are proposed are the fallback to begin with, in this order. */
export interface OfferedWay {
  readonly way: AudienceWay;
  readonly proposed: boolean;
}

/** A row's detours are many, and few of them are meant. */
const MOST_DETOURS = 12;

/** `customerid:contact`, `self:lead`, `opportunityid.customerid:contact`: how a way is named in events and addresses. */
export function wayName({ column, table, through }: AudienceWay): string {
  return through === undefined ? `${column}:${table}` : `${column}.${through.column}:${table}`;
}

/**
 * The ways from a row of a table to a person, the sane ones first: the row itself; the customer, if a contact; the
 * primary contact; the customer, if an account; other lookups; a lookup one row away. `near` has the lookups of tables
 * that the row leads to.
 */
export function offeredWays(table: TableInfo, near: ReadonlyMap<string, readonly ColumnInfo[]>): readonly OfferedWay[] {
  const direct = directWays(table);
  const detours = detoursOf(table, near).slice(0, MOST_DETOURS);
  const proposed = new Set(proposal(table, direct, detours));
  const self: AudienceWay[] = isPersonTable(table.table) ? [{ column: "self", table: table.table }] : [];
  const rest = [...direct, ...detours].filter((way) => !proposed.has(way));
  return [
    ...(self.length > 0 ? self : [...proposed]).map((way) => ({ way, proposed: true })),
    ...(self.length > 0 ? [...direct, ...detours] : rest).map((way) => ({ way, proposed: false })),
  ];
}

/** Tables that a row leads to and that are no people themselves: from there it may be one step more. */
export function nearTables(table: TableInfo): readonly string[] {
  const targets = lookupsOf(table.columns).flatMap((column) => column.targets);
  return [...new Set(targets)].filter((target) => !isPersonTable(target));
}

const BY_LIKELIHOOD = ["contact", "account", "lead"] as const;

function directWays(table: TableInfo): AudienceWay[] {
  const lookups = lookupsOf(table.columns);
  return BY_LIKELIHOOD.flatMap((person) =>
    lookups.filter(({ targets }) => targets.includes(person)).map(({ column }) => ({ column, table: person })),
  );
}

function detoursOf(table: TableInfo, near: ReadonlyMap<string, readonly ColumnInfo[]>): AudienceWay[] {
  return lookupsOf(table.columns).flatMap(({ column, targets }) =>
    targets.flatMap((target) =>
      isPersonTable(target)
        ? []
        : directWays({ ...table, columns: near.get(target) ?? [] }).map((way) => ({
            column,
            table: way.table,
            through: { table: target, column: way.column },
          })),
    ),
  );
}

/** What stands for the customer comes first; a second lookup to a contact is somebody else, and is not proposed. */
function proposal(table: TableInfo, direct: readonly AudienceWay[], detours: readonly AudienceWay[]): AudienceWay[] {
  const main = mainCustomer(table);
  const to = (person: AudienceWay["table"], column?: string) =>
    direct.find((way) => way.table === person && (column === undefined || way.column === column));
  const ways =
    main === undefined
      ? [to("contact"), to("account")]
      : [to("contact", main), to("contact", "primarycontactid"), to("account", main)];
  const found = ways.filter((way) => way !== undefined);
  return found.length > 0 ? found : [to("lead") ?? detours[0]].filter((way) => way !== undefined);
}

function mainCustomer({ columns }: TableInfo): string | undefined {
  const customers = lookupsOf(columns).filter(
    ({ targets }) => targets.includes("contact") && targets.includes("account"),
  );
  return (customers.find(({ column }) => column === "customerid") ?? customers[0])?.column;
}

/** What the platform derives from another lookup is left out: it leads to the same person. */
function lookupsOf(columns: readonly ColumnInfo[]): readonly ColumnInfo[] {
  return columns.filter(({ type, writable }) => type === "lookup" && writable);
}
