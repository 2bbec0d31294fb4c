import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { ParentInstance } from "./history.ts";
import type { Stamp } from "./stamp.ts";

export type RuntimeStatus = "Pending" | "Running" | "Suspended" | "Completed" | "Failed" | "Terminated";

export function hasEnded(status: RuntimeStatus): boolean {
  return status === "Completed" || status === "Failed" || status === "Terminated";
}

/** One instance as the management API shows it. Texts are JSON, but `output` of what did not complete is plain. */
export interface InstanceRow {
  readonly key: number;
  readonly id: string;
  name: string;
  version: string | null;
  execution: string;
  /** How often a client has begun this id anew; null for children. */
  generation: number | null;
  parent: ParentInstance | null;
  status: RuntimeStatus;
  input: string | null;
  output: string | null;
  customStatus: string | null;
  created: Stamp;
  updated: Stamp;
}

/** What waits to be done for an instance: an event to take, or an activity to run. */
export interface Message {
  readonly id: number;
  readonly instance: string;
  /** The execution it belongs to; null for whichever runs when it arrives. */
  readonly execution: string | null;
  readonly kind: "event" | "activity" | "entity";
  /** Virtual milliseconds before which it is not delivered; null for at once. */
  readonly due: number | null;
  readonly body: string;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS instances (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, version TEXT, execution TEXT NOT NULL,
  generation INTEGER, parent TEXT, status TEXT NOT NULL, input TEXT, output TEXT, custom_status TEXT, created TEXT NOT NULL, updated TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS episodes (id INTEGER PRIMARY KEY, instance INTEGER NOT NULL, events TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS episodes_of ON episodes (instance);
CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY, instance TEXT NOT NULL, execution TEXT, kind TEXT NOT NULL, due INTEGER, body TEXT NOT NULL
);`;

/**
 * NORMAL: a killed process loses nothing that was committed; only a power cut could, and this is one machine. What is
 * written again and again (rows of instances, messages) reaches the file itself once for many commits.
 */
const SETTINGS = `
PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA wal_autocheckpoint = 8000;`;

/**
 * Keeps instances, histories and messages in SQLite. Changes gather in memory and go to the file in one transaction
 * at the end of the turn of the event loop; `committed` answers when what was changed so far is there.
 */
export class Store {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #instances = new Map<string, InstanceRow>();
  readonly #messages = new Map<number, Message | undefined>();
  readonly #stored = new Set<number>();
  #history: { instance: number; events: string | undefined }[] = [];
  #afterCommit: (() => void)[] = [];
  #turn: NodeJS.Immediate | undefined;
  #closed = false;
  #nextKey: number;
  #nextMessage: number;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(SETTINGS);
    this.#database.exec(SCHEMA);
    this.#takeOverHistory();
    this.#nextKey = this.#max("instances", "key") + 1;
    this.#nextMessage = this.#max("messages", "id") + 1;
  }

  newKey(): number {
    return this.#nextKey++;
  }

  newMessage(message: Omit<Message, "id">): Message {
    const made = { id: this.#nextMessage++, ...message };
    this.putMessage(made);
    return made;
  }

  putMessage(message: Message): void {
    this.#messages.set(message.id, message);
    this.#touch();
  }

  dropMessage(id: number): void {
    if (this.#stored.has(id)) this.#messages.set(id, undefined);
    else this.#messages.delete(id);
    this.#touch();
  }

  save(row: InstanceRow): void {
    this.#instances.set(row.id, row);
    this.#touch();
  }

  appendHistory(instance: number, events: string): void {
    this.#history.push({ instance, events });
    this.#touch();
  }

  clearHistory(instance: number): void {
    this.#history.push({ instance, events: undefined });
    this.#touch();
  }

  /** Removes an instance, its history and all that waits for it. */
  remove(row: InstanceRow): void {
    this.flush();
    this.#transaction(() => {
      this.#run("DELETE FROM episodes WHERE instance = ?", row.key);
      this.#run("DELETE FROM instances WHERE key = ?", row.key);
      for (const { id } of this.#all<{ id: number }>("SELECT id FROM messages WHERE instance = ?", row.id)) {
        this.#run("DELETE FROM messages WHERE id = ?", id);
        this.#stored.delete(id);
      }
    });
  }

  find(id: string): InstanceRow | undefined {
    const unwritten = this.#instances.get(id);
    if (unwritten) return unwritten;
    const found = this.#all<Stored>("SELECT * FROM instances WHERE id = ?", id)[0];
    return found && rowOf(found);
  }

  /** The kept texts of an instance's history, oldest first. */
  history(instance: number): string[] {
    if (this.#history.some((part) => part.instance === instance)) this.flush();
    const sql = "SELECT events FROM episodes WHERE instance = ? ORDER BY id";
    return this.#all<{ events: string }>(sql, instance).map(({ events }) => events);
  }

  /** Instances in order of their ids, from `from` on. */
  list(query: { from: string; prefix: string; where: string; values: SQLInputValue[]; limit: number }): InstanceRow[] {
    this.flush();
    const sql = `SELECT * FROM instances WHERE id >= ? AND substr(id, 1, ?) = ?${query.where} ORDER BY id LIMIT ?`;
    const from = [query.from, query.prefix].sort()[1] ?? "";
    const values = [from, query.prefix.length, query.prefix, ...query.values, query.limit];
    return this.#all<Stored>(sql, ...values).map(rowOf);
  }

  /** All that was waiting when the file was opened. */
  messages(): Message[] {
    const all = this.#all<Message>("SELECT * FROM messages ORDER BY id");
    for (const { id } of all) this.#stored.add(id);
    return all;
  }

  /** Calls `run` once all that has been changed so far is in the file. */
  afterCommit(run: () => void): void {
    this.#afterCommit.push(run);
    this.#touch();
  }

  committed(): Promise<void> {
    return new Promise((resolve) => this.afterCommit(resolve));
  }

  flush(): void {
    clearImmediate(this.#turn);
    this.#turn = undefined;
    if (this.#instances.size + this.#messages.size + this.#history.length > 0) this.#transaction(() => this.#write());
    const told = this.#afterCommit;
    this.#afterCommit = [];
    for (const run of told) run();
  }

  /** Writes what is left and closes the file. What changes after that is lost with the process. */
  close(): void {
    this.flush();
    this.#closed = true;
    clearImmediate(this.#turn);
    this.#database.close();
  }

  #touch(): void {
    if (this.#closed) return;
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      this.flush();
    });
  }

  #write(): void {
    for (const row of this.#instances.values()) this.#run(UPSERT, ...valuesOf(row));
    this.#instances.clear();
    for (const { instance, events } of this.#history) {
      if (events === undefined) this.#run("DELETE FROM episodes WHERE instance = ?", instance);
      else this.#run("INSERT INTO episodes (instance, events) VALUES (?, ?)", instance, events);
    }
    this.#history = [];
    for (const [id, message] of this.#messages) {
      if (message) {
        const { instance, execution, kind, due, body } = message;
        this.#run(
          "INSERT OR REPLACE INTO messages VALUES (?, ?, ?, ?, ?, ?)",
          id,
          instance,
          execution,
          kind,
          due,
          body,
        );
        this.#stored.add(id);
      } else {
        this.#run("DELETE FROM messages WHERE id = ?", id);
        this.#stored.delete(id);
      }
    }
    this.#messages.clear();
  }

  /** A file of version 0.1.0 keeps histories by instance, which spreads each commit over as many pages. */
  #takeOverHistory(): void {
    if (this.#all("SELECT 1 FROM sqlite_schema WHERE name = 'history'").length === 0) return;
    this.#transaction(() => {
      this.#run("INSERT INTO episodes (instance, events) SELECT instance, events FROM history ORDER BY instance, seq");
      this.#run("DROP TABLE history");
    });
  }

  #transaction(run: () => void): void {
    this.#run("BEGIN IMMEDIATE");
    try {
      run();
      this.#run("COMMIT");
    } catch (fault) {
      this.#run("ROLLBACK");
      throw fault;
    }
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#statement(sql).run(...values);
  }

  #all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values) as Row[];
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #max(table: string, column: string): number {
    return this.#all<{ max: number | null }>(`SELECT max(${column}) AS max FROM ${table}`)[0]?.max ?? 0;
  }
}

interface Stored extends Omit<InstanceRow, "parent" | "customStatus"> {
  readonly parent: string | null;
  readonly custom_status: string | null;
}

const UPSERT = "INSERT OR REPLACE INTO instances VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

function valuesOf(row: InstanceRow): SQLInputValue[] {
  const { key, id, name, version, execution, generation, status, input, output, customStatus, created, updated } = row;
  const parent = row.parent && JSON.stringify(row.parent);
  return [key, id, name, version, execution, generation, parent, status, input, output, customStatus, created, updated];
}

function rowOf({ custom_status, parent, ...row }: Stored): InstanceRow {
  return {
    ...row,
    customStatus: custom_status,
    parent: parent === null ? null : (JSON.parse(parent) as ParentInstance),
  };
}
