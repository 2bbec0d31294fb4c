import { noProperty, noSegment } from "../errors.ts";
import { type Column, isLookup, propertyOf, type Table, type Target } from "./types.ts";

/** A collection-valued navigation property: the rows of `table` whose `column` points here. */
export interface Children {
  readonly name: string;
  readonly table: Table;
  readonly column: Column;
}

/** A single-valued navigation property; that of an owner leads to users and teams alike. */
export interface Parent {
  readonly column: Column;
  readonly targets: readonly Target[];
}

/** What is found by name in one table; built once for each version of it. */
export interface TableIndex {
  readonly table: Table;
  readonly columns: ReadonlyMap<string, Column>;
  /** By the name that bodies and queries use: `_customerid_value` for a lookup. */
  readonly properties: ReadonlyMap<string, Column>;
  readonly parents: ReadonlyMap<string, Parent>;
  readonly children: ReadonlyMap<string, Children>;
}

/** All tables of the environment, by logical name and by entity set. */
export class Catalogue {
  readonly #tables = new Map<string, Table>();
  readonly #sets = new Map<string, string>();
  readonly #indexes = new Map<string, TableIndex>();

  constructor(tables: readonly Table[]) {
    for (const table of tables) this.put(table);
  }

  /** Adds a table, or replaces it by its new version. */
  put(table: Table): void {
    this.#tables.set(table.name, table);
    this.#sets.set(table.set, table.name);
    this.#indexes.clear();
  }

  remove(name: string): void {
    const table = this.#tables.get(name);
    if (table) this.#sets.delete(table.set);
    this.#tables.delete(name);
    this.#indexes.clear();
  }

  all(): Table[] {
    return [...this.#tables.values()];
  }

  find(name: string): Table | undefined {
    return this.#tables.get(name);
  }

  /** By logical name. @throws ODataError 404 */
  table(name: string): Table {
    const table = this.#tables.get(name);
    if (!table) throw noSegment(name);
    return table;
  }

  findSet(set: string): Table | undefined {
    const name = this.#sets.get(set);
    return name === undefined ? undefined : this.#tables.get(name);
  }

  /** By entity set name. @throws ODataError 404 */
  bySet(set: string): Table {
    const table = this.findSet(set);
    if (!table) throw noSegment(set);
    return table;
  }

  index(name: string): TableIndex {
    const known = this.#indexes.get(name);
    if (known) return known;
    const index = this.#build(this.table(name));
    this.#indexes.set(name, index);
    return index;
  }

  /** A column by its name in queries. @throws ODataError 400 */
  property(table: string, name: string): Column {
    const column = this.index(table).properties.get(name);
    if (!column) throw noProperty(name, table);
    return column;
  }

  #build(table: Table): TableIndex {
    const parents = new Map<string, Parent>();
    for (const column of table.columns)
      for (const target of column.targets ?? []) {
        const same = parents.get(target.navigation)?.targets ?? [];
        parents.set(target.navigation, { column, targets: [...same, target] });
      }
    const children = new Map<string, Children>();
    for (const other of this.#tables.values())
      for (const column of other.columns.filter(isLookup))
        for (const target of column.targets ?? [])
          if (target.table === table.name)
            children.set(target.collection, { name: target.collection, table: other, column });
    return {
      table,
      columns: new Map(table.columns.map((column) => [column.name, column])),
      properties: new Map(table.columns.map((column) => [propertyOf(column), column])),
      parents,
      children,
    };
  }
}
