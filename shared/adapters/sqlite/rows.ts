import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import {
  type CheckedWrite,
  checkKey,
  checkPlace,
  checkRange,
  checkTable,
  checkWrites,
} from "../../ports/row-limits.ts";
import type { Committed, Conflict, Page, Range, Rows, StoredRow, Table, Write } from "../../ports/rows.ts";
import { toUnavailable, whenFree } from "./busy.ts";
import { fromContinuation, toContinuation } from "./continuation.ts";

export interface SqliteRowsOptions {
  /** The file, made if it is not there with its folder; `:memory:` for a store of this object alone. */
  readonly file: string;
  /** When a row was written, for whoever opens the file: milliseconds since 1970. */
  readonly now: () => number;
  /**
   * For tests of callers: pages of at most this many rows, and an empty one with a continuation at the start of
   * every listing, as the platform answers where a partition crosses its servers.
   */
  readonly pageSize?: number;
}

/** The longest that opening waits for another process that does the same. */
const OPEN_TIMEOUT_MS = 10_000;
/** A page ends here even below its limit, as the platform's does. */
const MAX_PAGE_CHARACTERS = 4 * 1024 * 1024;

// A rowid table with an index beside it: rows of a kilobyte make a clustered (WITHOUT ROWID) one 3 times slower.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS rows (
    id INTEGER PRIMARY KEY,
    tbl TEXT NOT NULL, partition TEXT NOT NULL, row TEXT NOT NULL,
    version INTEGER NOT NULL, at INTEGER NOT NULL, json TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS rows_by_key ON rows (tbl, partition, row);
  CREATE TABLE IF NOT EXISTS versions (last INTEGER NOT NULL) STRICT;
  INSERT INTO versions SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM versions);
`;

const KEY = "tbl = ? AND partition = ? AND row = ?";

/**
 * `Rows` in one SQLite file. Survives a killed process; several processes may have the file open. A version number
 * never comes back, so an ETag can't match a row that was deleted and written anew.
 */
export function sqliteRows(options: SqliteRowsOptions): Rows & { close(): void } {
  const db = open(options.file);
  const sql = statements(db);

  function apply(table: Table, partition: string, write: CheckedWrite, version: number, at: number): boolean {
    const { row } = write;
    switch (write.kind) {
      case "insert":
        return sql.insert.run(table, partition, row, version, at, write.json).changes === 1;
      case "upsert":
        return sql.upsert.run(table, partition, row, version, at, write.json).changes === 1;
      case "replace":
        return sql.replace.run(version, at, write.json, table, partition, row, write.etag).changes === 1;
      case "delete":
        return write.etag === undefined
          ? sql.delete.run(table, partition, row).changes === 1
          : sql.deleteIf.run(table, partition, row, write.etag).changes === 1;
    }
  }

  function applyAll(table: Table, partition: string, writes: readonly CheckedWrite[]): Committed | Conflict {
    const at = options.now();
    let version = Number(sql.reserveVersions.get(writes.length)?.last) - writes.length;
    const etags: string[] = [];
    for (const [index, write] of writes.entries()) {
      version++;
      if (!apply(table, partition, write, version, at)) {
        if (write.kind === "insert") return { kind: "conflict", index, reason: "exists" };
        const there = sql.get.get(table, partition, write.row) !== undefined;
        return { kind: "conflict", index, reason: there ? "stale" : "missing" };
      }
      etags.push(write.kind === "delete" ? "" : String(version));
    }
    return { kind: "committed", etags };
  }

  function transact(table: Table, partition: string, writes: readonly CheckedWrite[]): Committed | Conflict {
    sql.begin.run();
    try {
      const answer = applyAll(table, partition, writes);
      (answer.kind === "committed" ? sql.commit : sql.rollback).run();
      return answer;
    } catch (fault) {
      if (db.isTransaction) sql.rollback.run();
      throw fault;
    }
  }

  return {
    async get<T>(table: Table, partition: string, row: string): Promise<StoredRow<T> | undefined> {
      checkPlace(table, partition);
      checkKey("row", row);
      return whenFree(() => {
        const found = sql.get.get(table.toLowerCase(), partition, row);
        return found === undefined ? undefined : stored<T>(partition, row, found);
      });
    },

    async commit(table: Table, partition: string, writes: readonly Write[]): Promise<Committed | Conflict> {
      checkPlace(table, partition);
      const checked = checkWrites(writes);
      if (checked.length === 0) return { kind: "committed", etags: [] };
      return whenFree(() => transact(table.toLowerCase(), partition, checked));
    },

    async list<T>(table: Table, partition: string, range: Range = {}): Promise<Page<T>> {
      checkPlace(table, partition);
      const { from, below, limit } = checkRange(range);
      const start = range.continuation === undefined ? from : fromContinuation(range.continuation, from);
      if (options.pageSize !== undefined && range.continuation === undefined)
        return { rows: [], continuation: toContinuation(start) };

      const most = Math.min(limit, options.pageSize ?? limit);
      return whenFree(() => {
        const rows: StoredRow<T>[] = [];
        let characters = 0;
        for (const found of sql.list.iterate(table.toLowerCase(), partition, start, below ?? null, most + 1)) {
          const row = String(found.row);
          if (rows.length === most || characters > MAX_PAGE_CHARACTERS)
            return { rows, continuation: toContinuation(row) };
          rows.push(stored<T>(partition, row, found));
          characters += String(found.json).length;
        }
        return { rows };
      });
    },

    async drop(table: Table): Promise<void> {
      checkTable(table);
      await whenFree(() => sql.drop.run(table.toLowerCase()));
    },

    close(): void {
      if (db.isOpen) db.close();
    },
  };
}

function open(file: string): DatabaseSync {
  if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
  try {
    const db = new DatabaseSync(file, { timeout: OPEN_TIMEOUT_MS });
    // NORMAL: a commit is in the file once it answers, so it outlives the process; a power cut may lose the last
    // ones, never half of one.
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
    db.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT; PRAGMA busy_timeout = 0;`);
    return db;
  } catch (fault) {
    throw toUnavailable(fault);
  }
}

function statements(db: DatabaseSync) {
  const insert = "INSERT INTO rows (tbl, partition, row, version, at, json) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT";
  return {
    begin: db.prepare("BEGIN IMMEDIATE"),
    commit: db.prepare("COMMIT"),
    rollback: db.prepare("ROLLBACK"),
    reserveVersions: db.prepare("UPDATE versions SET last = last + ? RETURNING last"),
    get: db.prepare(`SELECT version, json FROM rows WHERE ${KEY}`),
    insert: db.prepare(`${insert} DO NOTHING`),
    upsert: db.prepare(
      `${insert} (tbl, partition, row) DO UPDATE SET version = excluded.version, at = excluded.at, json = excluded.json`,
    ),
    replace: db.prepare(`UPDATE rows SET version = ?, at = ?, json = ? WHERE ${KEY} AND CAST(version AS TEXT) = ?`),
    delete: db.prepare(`DELETE FROM rows WHERE ${KEY}`),
    deleteIf: db.prepare(`DELETE FROM rows WHERE ${KEY} AND CAST(version AS TEXT) = ?`),
    list: db.prepare(
      `SELECT row, version, json FROM rows
       WHERE tbl = ? AND partition = ? AND row >= ? AND row < coalesce(?, '~') ORDER BY row LIMIT ?`,
    ),
    drop: db.prepare("DELETE FROM rows WHERE tbl = ?"),
  } satisfies Record<string, StatementSync>;
}

function stored<T>(partition: string, row: string, found: Record<string, unknown>): StoredRow<T> {
  return { partition, row, etag: String(found.version), value: JSON.parse(String(found.json)) };
}
