import { randomUUID } from "node:crypto";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { isLookup, type Table } from "../catalogue/types.ts";
import { notFound, precondition } from "../errors.ts";
import type { RowStore } from "../store/row-store.ts";
import { isReference, numberOf, type Row, type Value, type Values } from "../store/values.ts";
import type { Caller, Change } from "./change.ts";
import { computed } from "./computed.ts";
import { RegistrationRules } from "./registration-rules.ts";
import { updateGroups, withStatus } from "./states.ts";

export interface RecordsDeps {
  readonly catalogue: Catalogue;
  readonly store: RowStore;
  readonly now: () => number;
  readonly businessUnit: string;
  /** Told of each write within its transaction, once for each event that the pipeline raises. */
  readonly changed: (change: Change) => void;
}

/** Create, update and delete as the platform does them: defaults, audit columns, states, events. */
export class Records {
  readonly #deps: RecordsDeps;
  readonly #rules: RegistrationRules;

  constructor(deps: RecordsDeps) {
    this.#deps = deps;
    this.#rules = new RegistrationRules(deps.store, deps.catalogue);
  }

  get(table: Table, id: string): Row | undefined {
    return this.#deps.store.get(table, id);
  }

  /** @throws ODataError 404 */
  must(table: Table, id: string): Row {
    const row = this.get(table, id);
    if (!row) throw notFound(table.name, id);
    return row;
  }

  /** @throws ODataError 400 on values that don't fit, 404 on a lookup to nothing, 412 on an id that exists */
  create(table: Table, requested: Values, caller: Caller): Row {
    const id = typeof requested[table.primaryId] === "string" ? String(requested[table.primaryId]) : randomUUID();
    return this.#deps.store.db.transaction(() => {
      if (this.get(table, id)) throw precondition("A record with matching key values already exists.", "0x80040237");
      this.#checkLookups(requested);
      this.#checkKeys(table, requested, id);
      const at = this.#second();
      const withDefaults = { ...defaultsOf(table), ...requested, [table.primaryId]: id };
      const own = this.#owner(table, requested, caller);
      const business = computed(table, withStatus(table, { ...withDefaults, ...own }, undefined), undefined, () =>
        this.#number(table),
      );
      const values: Record<string, Value> = { ...business, ...audit(table, at, caller, "created") };
      if (numberOf(requested.overriddencreatedon) !== undefined) {
        values.createdon = requested.overriddencreatedon ?? null;
        values.overriddencreatedon = at;
      }
      this.#rules.check(table, values);
      const after = this.#deps.store.insert(table, id, values);
      const asked = { ...requested, ...pick(values, ["ownerid", "statuscode"]), [table.primaryId]: id };
      this.#deps.changed({
        message: "Create",
        table,
        id,
        requested: asked,
        target: values,
        before: undefined,
        after,
        at,
        caller,
      });
      return after;
    });
  }

  /** Writes columns, in one event or, with states among others, in two. @throws ODataError 400, 404 */
  update(table: Table, id: string, requested: Values, caller: Caller): Row {
    return this.#deps.store.db.transaction(() => {
      let row = this.must(table, id);
      const { [table.primaryId]: _id, overriddencreatedon: _once, ...written } = requested;
      this.#checkLookups(written);
      this.#checkKeys(table, { ...row.values, ...written }, id);
      for (const group of updateGroups(withStatus(table, written, row.values)))
        row = this.#updateGroup(table, row, group, caller);
      return row;
    });
  }

  #updateGroup(table: Table, before: Row, group: Values, caller: Caller): Row {
    const at = this.#second();
    const { id } = before;
    const business = computed(table, group, before.values, () => "");
    const target: Values = { ...business, [table.primaryId]: id, ...audit(table, at, caller, "modified") };
    this.#rules.check(table, { ...before.values, ...target });
    const after = this.#deps.store.update(table, id, target);
    const requested = { ...group, [table.primaryId]: id };
    this.#deps.changed({ message: "Update", table, id, requested, target, before, after, at, caller });
    return after;
  }

  /** @throws ODataError 404 */
  delete(table: Table, id: string, caller: Caller): void {
    this.#deps.store.db.transaction(() => {
      const before = this.must(table, id);
      this.#rules.checkDelete(table, id);
      this.#unlink(table, id, caller);
      const at = this.#second();
      this.#deps.store.delete(table, id, at);
      const values = { [table.primaryId]: id };
      this.#deps.changed({
        message: "Delete",
        table,
        id,
        requested: values,
        target: values,
        before,
        after: undefined,
        at,
        caller,
      });
    });
  }

  /** What points to a row that goes: parts of it go along, the rest loses the link. */
  #unlink(table: Table, id: string, caller: Caller): void {
    if (table.name === "systemuser") return;
    for (const { table: child, column } of this.#deps.catalogue.index(table.name).children.values()) {
      for (const row of this.#deps.store.select(child, `t."${column.name}" = ?`, [id])) {
        const part = column.required !== undefined || child.name === "sdkmessageprocessingstepimage";
        if (part) this.delete(child, row.id, caller);
        else this.#deps.store.update(child, row.id, { [column.name]: null });
      }
    }
  }

  #checkLookups(values: Values): void {
    for (const value of Object.values(values)) {
      if (!isReference(value)) continue;
      const table = this.#deps.catalogue.find(value.table);
      if (!table || !this.get(table, value.id)) throw notFound(value.table, value.id);
    }
  }

  #checkKeys(table: Table, values: Values, id: string): void {
    for (const key of table.keys) {
      const parts = key.columns.map((name) => values[name] ?? null);
      if (parts.some((part) => part === null)) continue;
      const where = `${key.columns.map((name) => `t."${name}" = ?`).join(" AND ")} AND t."${table.primaryId}" <> ?`;
      const params = parts.map((part) =>
        isReference(part) ? part.id : typeof part === "boolean" ? Number(part) : String(part),
      );
      if (this.#deps.store.count(table, where, [...params, id]) > 0)
        throw precondition(
          `A record that has the attribute values ${key.columns.join(", ")} already exists. The entity key ${key.name} requires that this set of attributes contains unique values. Select unique values and try again.`,
          "0x80060892",
        );
    }
  }

  #owner(table: Table, requested: Values, caller: Caller): Values {
    if (table.ownership !== "UserOwned") return {};
    const ownerid = isReference(requested.ownerid) ? requested.ownerid : { table: "systemuser", id: caller.user };
    const businessUnit = { table: "businessunit", id: this.#deps.businessUnit };
    return { ownerid, owninguser: { table: "systemuser", id: ownerid.id }, owningbusinessunit: businessUnit };
  }

  /** The next number of a table's own: `01042-K3F9Q2`. */
  #number(table: Table): string {
    const key = `number:${table.name}`;
    const next = Number(this.#deps.store.db.meta(key) ?? 1000) + 1;
    this.#deps.store.db.setMeta(key, String(next));
    return `${String(next).padStart(5, "0")}-${randomUUID().slice(0, 6).toUpperCase()}`;
  }

  /** Dataverse keeps whole seconds. */
  #second(): number {
    return Math.floor(this.#deps.now() / 1000) * 1000;
  }
}

function defaultsOf(table: Table): Values {
  const values: Record<string, Value> = {};
  for (const column of table.columns)
    if (
      column.default !== undefined &&
      column.name !== "statecode" &&
      column.name !== "statuscode" &&
      !isLookup(column)
    )
      values[column.name] = column.default;
  return values;
}

function audit(table: Table, at: number, caller: Caller, kind: "created" | "modified"): Values {
  const by = { table: "systemuser", id: caller.user };
  const behalf = caller.connected === caller.user ? null : { table: "systemuser", id: caller.connected };
  const modified = { modifiedon: at, modifiedby: by, modifiedonbehalfby: behalf };
  const created =
    kind === "created" ? { createdon: at, createdby: by, ...(behalf ? { createdonbehalfby: behalf } : {}) } : {};
  const has = new Set(table.columns.map((column) => column.name));
  return Object.fromEntries(Object.entries({ ...created, ...modified }).filter(([name]) => has.has(name)));
}

function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(
    names.filter((name) => values[name] !== undefined).map((name) => [name, values[name] ?? null]),
  );
}
