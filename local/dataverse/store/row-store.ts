import type { SQLInputValue } from "node:sqlite";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Table } from "../catalogue/types.ts";
import { decodeRow, encodeValues, quote } from "./cells.ts";
import type { Database } from "./database.ts";
import { type Row, textOf, type Values } from "./values.ts";

/** Rows as they lie in the file. It knows tables and versions; what a write means is decided above it. */
export class RowStore {
  readonly db: Database;
  readonly #catalogue: Catalogue;
  readonly #selects = new Map<string, string>();

  constructor(db: Database, catalogue: Catalogue) {
    this.db = db;
    this.#catalogue = catalogue;
  }

  get(table: Table, id: string): Row | undefined {
    let sql = this.#selects.get(table.name);
    if (sql === undefined) {
      sql = `SELECT * FROM ${quote(table.name)} WHERE ${quote(table.primaryId)} = ?`;
      this.#selects.set(table.name, sql);
    }
    const stored = this.db.get(sql, id);
    return stored && decodeRow(table, stored);
  }

  /** Rows by a condition in SQL over the alias `t`. */
  select(table: Table, where: string, params: readonly SQLInputValue[] = [], tail = ""): Row[] {
    const sql = `SELECT t.* FROM ${quote(table.name)} t WHERE ${where} ${tail}`;
    return this.db.all(sql, ...params).map((stored) => decodeRow(table, stored));
  }

  count(table: Table, where: string, params: readonly SQLInputValue[] = []): number {
    return Number(this.db.get(`SELECT count(*) AS n FROM ${quote(table.name)} t WHERE ${where}`, ...params)?.n ?? 0);
  }

  /** What a lookup shows: the primary name of the row it points to. */
  nameOf(tableName: string, id: string): string | undefined {
    const table = this.#catalogue.find(tableName);
    return table && textOf(this.get(table, id)?.values[table.primaryName]);
  }

  insert(table: Table, id: string, values: Values): Row {
    const version = this.db.nextVersion();
    const cells = encodeValues(table, { ...values, [table.primaryId]: id });
    cells.set("versionnumber", version);
    const names = [...cells.keys()].map(quote).join(", ");
    const marks = [...cells].map(() => "?").join(", ");
    this.db.run(`INSERT INTO ${quote(table.name)} (${names}) VALUES (${marks})`, ...cells.values());
    return this.#written(table, id);
  }

  update(table: Table, id: string, values: Values): Row {
    const cells = encodeValues(table, values);
    cells.set("versionnumber", this.db.nextVersion());
    const sets = [...cells.keys()].map((name) => `${quote(name)} = ?`).join(", ");
    this.db.run(`UPDATE ${quote(table.name)} SET ${sets} WHERE ${quote(table.primaryId)} = ?`, ...cells.values(), id);
    return this.#written(table, id);
  }

  /** Removes a row, and remembers that it went: change tracking tells of it. */
  delete(table: Table, id: string, at: number): boolean {
    const gone = this.db.run(`DELETE FROM ${quote(table.name)} WHERE ${quote(table.primaryId)} = ?`, id) > 0;
    if (gone && table.changeTracking)
      this.db.run(
        `INSERT INTO "$deleted" (version, tbl, id, at) VALUES (?, ?, ?, ?)`,
        this.db.nextVersion(),
        table.name,
        id,
        at,
      );
    return gone;
  }

  deletedSince(table: Table, version: number): string[] {
    return this.db
      .all(`SELECT id FROM "$deleted" WHERE tbl = ? AND version > ? ORDER BY version`, table.name, version)
      .map((row) => String(row.id));
  }

  #written(table: Table, id: string): Row {
    const row = this.get(table, id);
    if (!row) throw new Error(`${table.name} ${id} was written and is not there`);
    return row;
  }
}
