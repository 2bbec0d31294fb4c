import type { Catalogue } from "../catalogue/catalogue.ts";
import { isLookup, type Table } from "../catalogue/types.ts";
import { badRequest, noSegment, notFound } from "../errors.ts";
import { GUID } from "../odata/guid.ts";
import { splitOutside } from "../odata/options.ts";
import { bind } from "../odata/sql.ts";
import { quote } from "../store/cells.ts";
import type { RowStore } from "../store/row-store.ts";
import type { Reference, Values } from "../store/values.ts";

/** One part of a path: `incidents(…)` is the name `incidents` and the key between the brackets. */
export interface Segment {
  readonly name: string;
  readonly key: string | undefined;
}

export function segmentsOf(path: string): Segment[] {
  return splitOutside(path.replace(/^\/+|\/+$/g, ""), "/")
    .filter((part) => part !== "")
    .map((part) => {
      const found = /^([^(]*)\((.*)\)$/s.exec(part);
      return { name: found?.[1] ?? part, key: found?.[2]?.trim() };
    });
}

/** What a key says: an id, or the values of an alternate key's columns. */
export type RowKey = { readonly id: string } | { readonly alternate: Readonly<Record<string, string | number>> };

/** @throws ODataError 400 */
export function rowKey(key: string): RowKey {
  const bare = key.replace(/^'(.*)'$/, "$1").replace(/^\{(.*)\}$/, "$1");
  if (GUID.test(bare)) return { id: bare.toLowerCase() };
  const alternate = namedKey(key);
  if (Object.keys(alternate).length === 0)
    throw badRequest(`Bad Request - Error in query syntax: '${key}'.`, "0x80060888");
  return { alternate };
}

/** `a='x',b=2` as an object. */
export function namedKey(key: string): Record<string, string | number> {
  const named: Record<string, string | number> = {};
  for (const part of splitOutside(key, ",")) {
    const found = /^\s*([\w.]+)\s*=\s*(?:'((?:[^']|'')*)'|(\S+))\s*$/s.exec(part);
    if (!found?.[1]) continue;
    if (found[2] !== undefined) named[found[1]] = found[2].replaceAll("''", "'");
    else named[found[1]] = GUID.test(found[3] ?? "") ? (found[3] ?? "").toLowerCase() : Number(found[3]);
  }
  return named;
}

/** Finds rows by key and by address. */
export class Locator {
  readonly #catalogue: Catalogue;
  readonly #store: RowStore;

  constructor(catalogue: Catalogue, store: RowStore) {
    this.#catalogue = catalogue;
    this.#store = store;
  }

  /** The id that a key stands for; undefined when an alternate key finds nothing. @throws ODataError 400 */
  find(table: Table, key: string): string | undefined {
    const parsed = rowKey(key);
    if ("id" in parsed) return parsed.id;
    const columns = this.keyColumns(table, parsed.alternate);
    const where = columns.map(({ column }) => `t.${quote(column.name)} = ?`).join(" AND ");
    const values = columns.map(({ column, value }) => bind(column, value));
    return this.#store.select(table, where, values, "LIMIT 1")[0]?.id;
  }

  /** @throws ODataError 400 when the table has no such alternate key */
  keyColumns(table: Table, named: Readonly<Record<string, string | number>>) {
    const { properties, columns } = this.#catalogue.index(table.name);
    const found = Object.entries(named).map(([name, value]) => ({
      column: properties.get(name) ?? columns.get(name),
      value,
    }));
    const names = found.map(({ column }) => column?.name ?? "");
    const known = table.keys.some(
      (key) => key.columns.length === names.length && key.columns.every((name) => names.includes(name)),
    );
    if (!known && !(names.length === 1 && names[0] === table.primaryId))
      throw badRequest("The specified key properties do not match any alternate key of the entity.", "0x80060891");
    return found.flatMap(({ column, value }) => (column ? [{ column, value }] : []));
  }

  /** The values of an alternate key, for the row that an upsert makes. */
  keyValues(table: Table, key: string): Values {
    const parsed = rowKey(key);
    if ("id" in parsed) return { [table.primaryId]: parsed.id };
    const columns = this.keyColumns(table, parsed.alternate);
    return Object.fromEntries(
      columns.map(({ column, value }) => [
        column.name,
        isLookup(column) ? { table: column.targets?.[0]?.table ?? "", id: String(value) } : value,
      ]),
    );
  }

  /** `/contacts(…)`, with or without the address before it. @throws ODataError 400, 404 */
  reference(path: string): Reference {
    const local = path.replace(/^https?:\/\/[^/]+/i, "").replace(/^\/?api\/data\/v[\d.]+\//i, "");
    const [segment] = segmentsOf(local);
    if (!segment?.key) throw noSegment(path);
    const table = this.#catalogue.bySet(segment.name);
    const id = this.find(table, segment.key);
    if (id === undefined) throw notFound(table.name, segment.key);
    return { table: table.name, id };
  }
}
