import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { DeliveryStatus, EventGridEvent } from "./event-grid.ts";

/** A mail as the mailbox shows it. */
export interface Mail {
  readonly id: string;
  readonly operationId: string;
  readonly from: string;
  /** The addresses of `to`, joined by ", ". */
  readonly to: string;
  readonly cc: string;
  readonly bcc: string;
  readonly replyTo: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly string[];
  /** ISO 8601, UTC, of the virtual clock. */
  readonly sentAt: string;
  readonly tracked: boolean;
  readonly delivery: readonly { readonly recipient: string; readonly status: DeliveryStatus }[];
  readonly opens: number;
  readonly clicks: number;
}

export interface MailFilter {
  readonly to?: string | undefined;
  readonly operationId?: string | undefined;
  /** Milliseconds since 1970, inclusive. */
  readonly since?: number | undefined;
}

export interface OutboxRow {
  readonly seq: number;
  readonly event: EventGridEvent;
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS operations (id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS mails (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, operation_id TEXT NOT NULL,
    recipients TEXT NOT NULL, sent_at INTEGER NOT NULL, mail TEXT NOT NULL,
    opens INTEGER NOT NULL DEFAULT 0, clicks INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS mails_by_operation ON mails (operation_id);
  CREATE INDEX IF NOT EXISTS mails_by_time ON mails (sent_at);
  CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS recipients (address TEXT PRIMARY KEY, status TEXT NOT NULL) WITHOUT ROWID;
`;

type Stored = Omit<Mail, "opens" | "clicks">;

/**
 * Mails, the operations that brought them and the reports not yet published, in one SQLite file. What a method has
 * written when it returns survives a SIGKILL of the process: WAL leaves it in the system's hands.
 */
export class MailStore {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** @param file a path, whose folder is made where it is missing, or undefined for memory. */
  constructor(file: string | undefined) {
    if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
    this.#db = new DatabaseSync(file ?? ":memory:");
    this.#db.exec(SCHEMA);
  }

  hasOperation(id: string): boolean {
    return this.#sql("SELECT 1 FROM operations WHERE id = ?").get(id.toLowerCase()) !== undefined;
  }

  /** Keeps a mail and the reports on it, both or neither. Answers the reports' places in the outbox. */
  accept(mail: Stored, events: readonly EventGridEvent[]): OutboxRow[] {
    return this.#together(() => {
      this.#sql("INSERT OR IGNORE INTO operations (id) VALUES (?)").run(mail.operationId.toLowerCase());
      const recipients = mail.delivery.map(({ recipient }) => `<${recipient.toLowerCase()}>`).join("");
      this.#sql("INSERT INTO mails (id, operation_id, recipients, sent_at, mail) VALUES (?, ?, ?, ?, ?)").run(
        mail.id,
        mail.operationId.toLowerCase(),
        recipients,
        Date.parse(mail.sentAt),
        JSON.stringify(mail),
      );
      return this.#enqueue(events);
    });
  }

  /** Counts an open or a click, and keeps the report on it. */
  engage(id: string, kind: "opens" | "clicks", events: readonly EventGridEvent[]): OutboxRow[] {
    return this.#together(() => {
      this.#sql(`UPDATE mails SET ${kind} = ${kind} + 1 WHERE id = ?`).run(id);
      return this.#enqueue(events);
    });
  }

  /** Mails in the order in which they came. */
  list({ to, operationId, since }: MailFilter): Mail[] {
    return this.#sql(
      `SELECT mail, opens, clicks FROM mails WHERE (:since IS NULL OR sent_at >= :since)
        AND (:operation IS NULL OR operation_id = :operation)
        AND (:to IS NULL OR instr(recipients, :to) > 0) ORDER BY seq`,
    )
      .all({
        since: since ?? null,
        operation: operationId?.toLowerCase() ?? null,
        to: to === undefined ? null : `<${to.toLowerCase()}>`,
      })
      .map(toMail);
  }

  /** A page of the newest mails, for people, and how many there are. `to` may be a part of an address. */
  newest(page: { readonly to: string | undefined; readonly limit: number; readonly offset: number }): {
    readonly mails: Mail[];
    readonly count: number;
  } {
    const to = page.to?.toLowerCase() ?? null;
    const where = "FROM mails WHERE (:to IS NULL OR instr(recipients, :to) > 0)";
    const rows = this.#sql(`SELECT mail, opens, clicks ${where} ORDER BY seq DESC LIMIT :limit OFFSET :offset`);
    return {
      mails: rows.all({ to, limit: page.limit, offset: page.offset }).map(toMail),
      count: Number(this.#sql(`SELECT count(*) AS n ${where}`).get({ to })?.n),
    };
  }

  get(id: string): Mail | undefined {
    const row = this.#sql("SELECT mail, opens, clicks FROM mails WHERE id = ?").get(id);
    return row === undefined ? undefined : toMail(row);
  }

  /** Removes one mail, or all. Operations stay: the service, too, remembers them whatever the reader deletes. */
  remove(id?: string): number {
    const result =
      id === undefined ? this.#sql("DELETE FROM mails").run() : this.#sql("DELETE FROM mails WHERE id = ?").run(id);
    return Number(result.changes);
  }

  outbox(): OutboxRow[] {
    return this.#sql("SELECT seq, event FROM outbox ORDER BY seq")
      .all()
      .map((row) => ({ seq: Number(row.seq), event: JSON.parse(String(row.event)) as EventGridEvent }));
  }

  published(seq: number): void {
    this.#sql("DELETE FROM outbox WHERE seq = ?").run(seq);
  }

  /** What becomes of mail to an address that someone said something about. */
  statusOf(address: string): DeliveryStatus | undefined {
    const row = this.#sql("SELECT status FROM recipients WHERE address = ?").get(address.toLowerCase());
    return row?.status as DeliveryStatus | undefined;
  }

  statuses(): Record<string, DeliveryStatus> {
    const rows = this.#sql("SELECT address, status FROM recipients ORDER BY address").all();
    return Object.fromEntries(rows.map((row) => [String(row.address), row.status as DeliveryStatus]));
  }

  setStatus(address: string, status: DeliveryStatus): void {
    this.#sql("INSERT OR REPLACE INTO recipients (address, status) VALUES (?, ?)").run(address.toLowerCase(), status);
  }

  close(): void {
    this.#db.close();
  }

  #enqueue(events: readonly EventGridEvent[]): OutboxRow[] {
    return events.map((event) => {
      const added = this.#sql("INSERT INTO outbox (event) VALUES (?)").run(JSON.stringify(event));
      return { seq: Number(added.lastInsertRowid), event };
    });
  }

  #together<T>(work: () => T): T {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  #sql(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }
}

function toMail(row: Record<string, unknown>): Mail {
  return { ...(JSON.parse(String(row.mail)) as Stored), opens: Number(row.opens), clicks: Number(row.clicks) };
}
