import type { Catalogue, Children, Parent } from "../catalogue/catalogue.ts";
import { isLookup, type Table } from "../catalogue/types.ts";
import { badQuery, noProperty } from "../errors.ts";
import { isPolymorphic, quote, typeCell } from "../store/cells.ts";
import type { RowStore } from "../store/row-store.ts";
import { type Row, referenceOf } from "../store/values.ts";
import { type Annotations, type Json, rowJson, selectedColumns } from "./entity-json.ts";
import { filterSql, resolvePath, type Scope } from "./filter-sql.ts";
import type { Expand, Order, QueryOptions } from "./options.ts";
import type { Sql, SqlContext } from "./sql.ts";

/** The most that Dataverse puts on one page, and the most that it counts. */
const PAGE = 5000;

export interface Page {
  readonly value: Json[];
  readonly count: number | undefined;
  /** Rows to leave out for the next page; undefined at the end. */
  readonly next: number | undefined;
}

export interface QueryContext extends SqlContext {
  readonly store: RowStore;
  readonly wants: Annotations;
}

/** Answers queries over tables: filter, order, page, expand. */
export class Query {
  readonly #context: QueryContext;

  constructor(context: QueryContext) {
    this.#context = context;
  }

  get catalogue(): Catalogue {
    return this.#context.catalogue;
  }

  /** One page of rows. `within` narrows to the children of a row. */
  page(table: Table, options: QueryOptions, paging: { skip: number; size?: number }, within?: Sql): Page {
    const where = this.#where(table, options, within);
    // With `$top` the preferred page size does not apply.
    const size = Math.min((options.top === undefined ? paging.size : undefined) ?? PAGE, PAGE);
    const limit = options.top === undefined ? size : Math.min(size, options.top);
    const tail = `${this.#order(table, options.orderBy ?? [])} LIMIT ${limit + 1} OFFSET ${paging.skip}`;
    const rows = this.#context.store.select(table, where.text, where.params, tail);
    const more = rows.length > limit && options.top === undefined;
    const count = options.count ? Math.min(this.count(table, options, within), PAGE) : undefined;
    return {
      value: this.rows(table, rows.slice(0, limit), options),
      count,
      next: more ? paging.skip + limit : undefined,
    };
  }

  count(table: Table, options: QueryOptions, within?: Sql): number {
    const where = this.#where(table, options, within);
    return this.#context.store.count(table, where.text, where.params);
  }

  /** Rows as JSON, with what they expand. */
  rows(table: Table, rows: readonly Row[], options: QueryOptions): Json[] {
    const { store, wants } = this.#context;
    const columns = selectedColumns(this.catalogue, table, options.select);
    const nameOf = (name: string, id: string) => store.nameOf(name, id);
    const json = rows.map((row) => rowJson(row, columns, wants, nameOf));
    for (const expand of options.expand ?? []) this.#expand(table, rows, json, expand);
    return json;
  }

  #where(table: Table, options: QueryOptions, within?: Sql): Sql {
    const scope: Scope = { table, alias: "t", variables: new Map() };
    const own = options.filter ? filterSql(options.filter, scope, this.#context) : { text: "1", params: [] };
    return within ? { text: `${own.text} AND ${within.text}`, params: [...own.params, ...within.params] } : own;
  }

  #order(table: Table, orders: readonly Order[]): string {
    const scope: Scope = { table, alias: "t", variables: new Map() };
    const terms = orders.map(({ path, descending }) => {
      const { text, column, params } = resolvePath(path, scope, this.#context);
      if (params.length > 0) throw badQuery("$orderby takes properties only.");
      const isText = column.type === "string" || column.type === "memo";
      return `${isText ? `fold(${text})` : text} ${descending ? "DESC" : "ASC"}`;
    });
    return `ORDER BY ${[...terms, "t.rowid"].join(", ")}`; // ties in the order of creation: pages don't overlap
  }

  #expand(table: Table, rows: readonly Row[], json: Json[], expand: Expand): void {
    const index = this.catalogue.index(table.name);
    const parent = index.parents.get(expand.name);
    const children = index.children.get(expand.name);
    rows.forEach((row, at) => {
      const into = json[at];
      if (!into) return;
      if (parent) into[expand.name] = this.#parent(row, parent, expand);
      else if (children) into[expand.name] = this.#children(table, row, children, expand);
      else throw noProperty(expand.name, table.name);
    });
  }

  #parent(row: Row, { column, targets }: Parent, expand: Expand): Json | null {
    const reference = referenceOf(row.values[column.name]);
    if (!reference || !targets.some((target) => target.table === reference.table)) return null;
    const table = this.catalogue.table(reference.table);
    const found = this.#context.store.get(table, reference.id);
    return found ? (this.rows(table, [found], expand.options)[0] ?? null) : null;
  }

  #children(table: Table, row: Row, children: Children, expand: Expand): Json[] {
    return this.page(children.table, expand.options, { skip: 0 }, childrenOf(table, row.id, children)).value;
  }
}

/** The condition that a row of `children.table` points to this one. */
export function childrenOf(table: Table, id: string, { column }: Children): Sql {
  if (!isLookup(column)) throw noProperty(column.name, table.name);
  const text = `t.${quote(column.name)} = ?`;
  return isPolymorphic(column)
    ? { text: `${text} AND t.${quote(typeCell(column))} = ?`, params: [id, table.name] }
    : { text, params: [id] };
}
