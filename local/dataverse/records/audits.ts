import { randomUUID } from "node:crypto";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Table } from "../catalogue/types.ts";
import type { RowStore } from "../store/row-store.ts";
import { isReference, type Row, type Value, type Values } from "../store/values.ts";
import type { Change } from "./change.ts";

/** What an audited change replaced, and by what: of an update only the columns that differ. */
export interface AuditedValues {
  readonly old: Values;
  readonly new: Values;
}

const OPERATIONS = { Create: 1, Update: 2, Delete: 3 } as const;
/** Columns that tell who saved when: the audit's own columns say that. */
const OF_EACH_SAVE = new Set(["modifiedon", "modifiedby", "modifiedonbehalfby", "versionnumber"]);

/** Writes an audit of each change, where the organisation has auditing on. */
export class Audits {
  readonly #store: RowStore;
  readonly #catalogue: Catalogue;

  constructor(store: RowStore, catalogue: Catalogue) {
    this.#store = store;
    this.#catalogue = catalogue;
  }

  /** Within the change's own transaction. */
  keep(change: Change): void {
    const { table, message, caller, id, at } = change;
    if (!isAudited(table) || !this.#isOn()) return;
    const values = valuesOf(change);
    const columns = new Set([...Object.keys(values.old), ...Object.keys(values.new)]);
    if (columns.size === 0) return;
    const numbers = table.columns.flatMap(({ name }, n) => (columns.has(name) ? [n + 1] : []));
    const delegate = caller.connected === caller.user ? null : { table: "systemuser", id: caller.connected };
    this.#store.insert(this.#catalogue.table("audit"), randomUUID(), {
      operation: OPERATIONS[message],
      action: OPERATIONS[message],
      createdon: at,
      objecttypecode: table.name,
      objectid: { table: table.name, id },
      userid: { table: "systemuser", id: caller.user },
      callinguserid: delegate,
      transactionid: "00000000-0000-0000-0000-000000000000",
      attributemask: numbers.join(","),
      changedata: JSON.stringify(values),
    });
  }

  #isOn(): boolean {
    const [organisation] = this.#store.select(this.#catalogue.table("organization"), "1 = 1", [], "LIMIT 1");
    return organisation?.values.isauditenabled === true;
  }
}

/** Tables of the platform itself are not audited; those of people are, custom ones too. */
export function isAudited(table: Table): boolean {
  return table.steps;
}

function valuesOf({ message, before, after, target }: Change): AuditedValues {
  if (message === "Create") return { old: {}, new: present(after, Object.keys(after?.values ?? {})) };
  if (message === "Delete") return { old: present(before, Object.keys(before?.values ?? {})), new: {} };
  const changed = Object.keys(target).filter(
    (name) => !same(before?.values[name] ?? null, after?.values[name] ?? null) && !OF_EACH_SAVE.has(name),
  );
  return { old: present(before, changed), new: present(after, changed) };
}

/** What is empty is left out. */
function present(row: Row | undefined, names: readonly string[]): Values {
  const values: Record<string, Value> = {};
  for (const name of names) {
    const value = row?.values[name] ?? null;
    if (value !== null && !OF_EACH_SAVE.has(name)) values[name] = value;
  }
  return values;
}

function same(one: Value, other: Value): boolean {
  if (isReference(one) && isReference(other)) return one.id === other.id;
  return JSON.stringify(one) === JSON.stringify(other);
}
