import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { isLookup, type Table } from "../catalogue/types.ts";
import { cellsOf, quote } from "./cells.ts";

/** Lookups that are never searched by, so that a write need not keep an index of them. */
const UNSEARCHED = new Set([
  "createdby",
  "createdonbehalfby",
  "modifiedby",
  "modifiedonbehalfby",
  "transactioncurrencyid",
]);

const MAX_STATEMENTS = 500;

/** One SQLite file, or memory. Everything is synchronous: a transaction is never seen half done. */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #afterCommit: (() => void)[] = [];
  #depth = 0;
  #version: number;

  constructor(file?: string) {
    this.#db = new DatabaseSync(file ?? ":memory:");
    // NORMAL in WAL mode: a killed process loses nothing, only a power cut may lose the last moments.
    this.#db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;
      CREATE TABLE IF NOT EXISTS "$meta" (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS "$table" (name TEXT PRIMARY KEY, definition TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS "$deleted" (version INTEGER PRIMARY KEY, tbl TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL);
      CREATE INDEX IF NOT EXISTS "$deleted_tbl" ON "$deleted" (tbl, version);
      CREATE TABLE IF NOT EXISTS "$job" (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, job TEXT NOT NULL) WITHOUT ROWID;`);
    this.#db.function("fold", { deterministic: true }, (value) => (value === null ? null : fold(String(value))));
    this.#db.function("like_pattern", { deterministic: true }, (value, pattern) =>
      value !== null && likePattern(String(pattern)).test(String(value)) ? 1 : 0,
    );
    this.#version = Number(this.meta("version") ?? 1_000_000);
  }

  meta(key: string): string | undefined {
    const value = this.get(`SELECT value FROM "$meta" WHERE key = ?`, key)?.value;
    return value === undefined ? undefined : String(value);
  }

  setMeta(key: string, value: string): void {
    this.run(
      `INSERT INTO "$meta" (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      key,
      value,
    );
  }

  get version(): number {
    return this.#version;
  }

  /** The next version number; stored when the transaction ends. */
  nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }

  /** Runs `then` once what is being written is there for good; never, if it is undone. */
  afterCommit(then: () => void): void {
    if (this.#depth === 0) then();
    else this.#afterCommit.push(then);
  }

  /** All or nothing; transactions may nest (`$batch`'s change sets). */
  transaction<T>(work: () => T): T {
    const savepoint = `s${this.#depth}`;
    const outer = this.#depth === 0;
    const before = this.#version;
    const waiting = this.#afterCommit.length;
    this.#prepared(outer ? "BEGIN IMMEDIATE" : `SAVEPOINT ${savepoint}`).run();
    this.#depth += 1;
    try {
      const result = work();
      if (outer && this.#version !== before) this.setMeta("version", String(this.#version));
      this.#prepared(outer ? "COMMIT" : `RELEASE ${savepoint}`).run();
      this.#depth -= 1;
      if (outer) for (const then of this.#afterCommit.splice(0)) then();
      return result;
    } catch (error) {
      this.#depth -= 1;
      this.#afterCommit.length = waiting;
      this.#db.exec(outer ? "ROLLBACK" : `ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`);
      throw error;
    }
  }

  get(sql: string, ...params: SQLInputValue[]): Record<string, SQLOutputValue> | undefined {
    return this.#prepared(sql).get(...params);
  }

  all(sql: string, ...params: SQLInputValue[]): Record<string, SQLOutputValue>[] {
    return this.#prepared(sql).all(...params);
  }

  run(sql: string, ...params: SQLInputValue[]): number {
    return Number(this.#prepared(sql).run(...params).changes);
  }

  /** Makes the table, or adds the columns that it lacks. */
  ensure(table: Table): void {
    const cells = table.columns.flatMap((column) => cellsOf(column)).filter((cell) => cell.name !== "versionnumber");
    const have = new Set(
      this.#db
        .prepare(`PRAGMA table_info(${quote(table.name)})`)
        .all()
        .map((each) => String(each.name)),
    );
    if (have.size === 0) {
      const rest = cells.filter((cell) => cell.name !== table.primaryId);
      const declared = rest.map((cell) => `${quote(cell.name)} ${cell.declaration}`);
      this.#db.exec(
        `CREATE TABLE ${quote(table.name)} (${quote(table.primaryId)} TEXT PRIMARY KEY, versionnumber INTEGER NOT NULL, ${declared.join(", ")})`,
      );
    } else {
      for (const cell of cells.filter((each) => !have.has(each.name)))
        this.#db.exec(`ALTER TABLE ${quote(table.name)} ADD COLUMN ${quote(cell.name)} ${cell.declaration}`);
    }
    const indexed = table.columns.filter((column) => isLookup(column) && !UNSEARCHED.has(column.name));
    for (const name of ["versionnumber", ...indexed.map((column) => column.name)])
      this.#db.exec(
        `CREATE INDEX IF NOT EXISTS ${quote(`${table.name}$${name}`)} ON ${quote(table.name)} (${quote(name)})`,
      );
    this.#statements.clear(); // SELECT * of before lacks the new columns
  }

  drop(table: string): void {
    this.#db.exec(`DROP TABLE IF EXISTS ${quote(table)}`);
    this.#statements.clear();
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Dataverse's collation ignores case and accents. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** A pattern of Dataverse, as of SQL Server, whole: `%`, `_`, `[a-z]`, `[^a]`. Between brackets a wildcard is itself. */
function likePattern(pattern: string): RegExp {
  const source = pattern.replace(/\[(\^?)([^\]]+)\]|%|_|[\\^$.*+?()[\]{}|/]/g, (found, not?: string, set?: string) => {
    if (set !== undefined) return `[${not}${set.replace(/[\\\][]/g, "\\$&")}]`;
    return found === "%" ? "[^]*" : found === "_" ? "[^]" : `\\${found}`;
  });
  return new RegExp(`^${source}$`);
}
