import type { Condition } from "../../shared/domain/condition.ts";
import { countingsOf, fieldsOf, holds } from "../../shared/domain/evaluate.ts";
import { conditionsOf, parseField } from "../../shared/domain/fields.ts";
import { journey } from "../../shared/domain/journey.ts";
import type { ColumnInfo, TableInfo } from "../../shared/domain/metadata.ts";
import { type CustomTrigger, type RecordTrigger, trigger } from "../../shared/domain/trigger.ts";
import { type Columns, type FieldValue, isReference } from "../../shared/domain/value.ts";
import { ParcoursError } from "../../shared/errors.ts";
import type { Bus, BusMessage } from "../../shared/ports/bus.ts";
import type { Dataverse, FoundRow, RowSearch, RowWhere } from "../../shared/ports/dataverse.ts";
import type { Mailer, OutgoingMail, SendAnswer } from "../../shared/ports/mailer.ts";
import type { Metadata, PersonLookup } from "../../shared/ports/metadata.ts";

/** A topic: keeps what was published, drops a message id that it had, hands each on once, and not before its time. */
export class MemoryBus implements Bus {
  readonly messages: BusMessage[] = [];
  down = false;
  #deliver: (message: BusMessage) => void = () => {};
  readonly #seen = new Set<string>();
  readonly #at: (due: number, run: () => void) => void;

  constructor(at: (due: number, run: () => void) => void) {
    this.#at = at;
  }

  subscribe(deliver: (message: BusMessage) => void): void {
    this.#deliver = deliver;
  }

  async publish(messages: readonly BusMessage[]): Promise<void> {
    if (this.down) throw new ParcoursError("BUS_UNAVAILABLE", "the bus is down, as asked for");
    for (const message of messages) {
      if (this.#seen.has(message.id)) continue;
      this.#seen.add(message.id);
      // As it would cross the wire.
      const sent: BusMessage = JSON.parse(JSON.stringify(message));
      this.messages.push(sent);
      if (sent.deliverAt === undefined) this.#deliver(sent);
      else this.#at(sent.deliverAt, () => this.#deliver(sent));
    }
  }
}

/** What the provider does with a request; without a word it accepts a mail and knows an operation. */
export type MailFault = "ok" | "throttled" | "refused" | "request-lost" | "answer-lost";

/** A provider that drops no repeats: it accepts an operation as often as it is posted, and counts. */
export class MemoryMailer implements Mailer {
  readonly accepted = new Map<string, OutgoingMail[]>();
  fault: (operation: string) => MailFault = () => "ok";
  /** Whether a question about an operation is answered. */
  answers: (operation: string) => boolean = () => true;
  onAccepted: (operation: string) => void = () => {};
  readonly #step: (label: string) => Promise<void>;

  constructor(step: (label: string) => Promise<void>) {
    this.#step = step;
  }

  async send(mail: OutgoingMail, operation: string): Promise<SendAnswer> {
    await this.#step(`post ${operation}`);
    const fault = this.fault(operation);
    if (fault === "throttled") return { kind: "throttled", retryAfterMs: 5_000 };
    if (fault === "refused") return { kind: "refused", reason: "the address does not exist" };
    if (fault === "request-lost") return { kind: "no-answer", reason: "the connection broke" };
    this.accepted.set(operation, [...(this.accepted.get(operation) ?? []), mail]);
    this.onAccepted(operation);
    await this.#step(`answer to post ${operation}`);
    return fault === "answer-lost" ? { kind: "no-answer", reason: "timed out" } : { kind: "accepted" };
  }

  async ask(operation: string): Promise<"found" | "not-found" | "no-answer"> {
    await this.#step(`ask ${operation}`);
    if (!this.answers(operation)) return "no-answer";
    return this.accepted.has(operation) ? "found" : "not-found";
  }

  get mails(): readonly OutgoingMail[] {
    return [...this.accepted.values()].flat();
  }
}

/** An organisation: rows by table and id. */
export class MemoryDataverse implements Dataverse {
  readonly rows = new Map<string, Columns>();
  /** Called at each read: it may throw, or let time pass. */
  onRead: (table: string, id: string) => void = () => {};

  put(table: string, id: string, columns: Columns): void {
    this.rows.set(`${table}:${id}`, columns);
  }

  async read(table: string, id: string, columns: readonly string[]): Promise<Columns | undefined> {
    this.onRead(table, id);
    const row = this.rows.get(`${table}:${id}`);
    return row && Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
  }

  async look({ rows, counts }: Parameters<Dataverse["look"]>[0]): ReturnType<Dataverse["look"]> {
    const counted = counts.map(({ table, lookup, to, except, where, most }) => {
      this.onRead(table, to);
      const found = [...this.rows].filter(([key, row]) => {
        const owner = row[lookup];
        if (!key.startsWith(`${table}:`) || key === `${table}:${except}`) return false;
        return isReference(owner) && owner.id === to && where.every((each) => isTrueOf(row, each));
      });
      return Math.min(found.length, most);
    });
    return {
      rows: await Promise.all(rows.map(({ table, id, columns }) => this.read(table, id, columns))),
      counts: counted,
    };
  }

  async readMany(table: string, ids: readonly string[], columns: readonly string[]): Promise<Map<string, Columns>> {
    const rows = await Promise.all(ids.map(async (id) => [id, await this.read(table, id, columns)] as const));
    return new Map(rows.flatMap(([id, row]) => (row === undefined ? [] : [[id, row] as const])));
  }

  /** In the order in which they were put, the last one first: rows here have no times. */
  async recent(table: string, { columns, most }: { columns: readonly string[]; most: number }): Promise<FoundRow[]> {
    const ids = [...this.rows.keys()]
      .filter((key) => key.startsWith(`${table}:`))
      .map((key) => key.slice(table.length + 1));
    const found = await this.readMany(table, ids.reverse().slice(0, most), columns);
    return [...found].map(([id, row]) => ({ id, columns: row }));
  }

  async find(table: string, column: string, value: string | number): Promise<readonly string[]> {
    const found = [...this.rows].filter(([key, row]) => key.startsWith(`${table}:`) && row[column] === value);
    const active = found.filter(([, row]) => (row.statecode ?? 0) === 0);
    return active.slice(0, 2).map(([key]) => key.slice(table.length + 1));
  }

  async search(table: string, ask: RowSearch): Promise<FoundRow[]> {
    const text = ask.text.toLowerCase();
    const of = (row: Columns, column: string): string => String(row[column] ?? "").toLowerCase();
    const found = [...this.rows].filter(
      ([key, row]) =>
        key.startsWith(`${table}:`) &&
        (ask.equal.some((column) => of(row, column) === text) ||
          ask.containing.some((column) => of(row, column).includes(text))),
    );
    return found.slice(0, ask.most).map(([key, row]) => ({ id: key.slice(table.length + 1), columns: row }));
  }

  async update(table: string, id: string, values: Columns, _tag: string): Promise<"updated" | "missing"> {
    const row = this.rows.get(`${table}:${id}`);
    if (row === undefined) return "missing";
    this.rows.set(`${table}:${id}`, { ...row, ...values });
    return "updated";
  }

  async labels(): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
    return {};
  }
}

/** A comparison as Dataverse makes it: text without regard to case, and nothing is true of what is empty but that. */
function isTrueOf(row: Columns, where: RowWhere): boolean {
  const seen = row[where.column] ?? null;
  if (where.op === "is-not-null") return seen !== null;
  if (where.op === "between") {
    const at = typeof seen === "string" ? Date.parse(seen) : Number.NaN;
    return where.from <= at && at <= where.to;
  }
  const lower = (value: FieldValue): FieldValue => (typeof value === "string" ? value.toLowerCase() : value);
  const { column, ...rest } = where;
  const value = "value" in rest && !Array.isArray(rest.value) ? { value: lower(rest.value) } : {};
  const comparison = { kind: "compare", field: column, ...rest, ...value } as Condition;
  return holds(comparison, () => lower(seen), 0);
}

/** An organisation that has whatever the stories' triggers name: what it would refuse is tested where it is real. */
export class MemoryMetadata implements Metadata {
  readonly #columns = new Map<string, Map<string, ColumnInfo>>();
  readonly #tableOf = new Map<string, string>();

  /** From now on it has the tables of this trigger, with the columns that it names. */
  learnTrigger(document: unknown): void {
    const { data } = trigger.safeParse(document);
    if (data?.kind === "record") this.#learnRecordTrigger(data);
    if (data?.kind === "custom") this.#learnCustomTrigger(data);
  }

  #learnRecordTrigger(data: RecordTrigger): void {
    const add = (column: string, targets: readonly string[] = []) => this.#learn(data.table, column, targets);
    for (const column of data.updated === undefined || data.updated.columns === "any" ? [] : data.updated.columns)
      add(column);
    if (data.condition !== undefined) this.#learnCondition(data.condition, data.table);
    this.#tableOf.set(data.slug, data.table);
    for (const way of data.audience) add(way.column, [way.through?.table ?? way.table]);
  }

  /** From now on it has what a journey's conditions ask of rows. */
  learnJourney(document: unknown): void {
    const { data } = journey.safeParse(document);
    const asked = data === undefined ? [] : conditionsOf(data);
    for (const { trigger: slug, condition } of asked) this.#learnCondition(condition, this.#tableOf.get(slug) ?? "");
  }

  #learnCondition(condition: Condition, table: string): void {
    for (const path of fieldsOf(condition)) {
      const field = parseField(path);
      if (field?.scope === "audience") for (const each of ["contact", "lead"]) this.#learn(each, field.name);
      else if (field?.scope === "related") {
        this.#learn(table, field.lookup, ["contact"]);
        this.#learn("contact", field.name);
      } else if (field?.scope === "event" || field?.scope === "before" || field?.scope === "record")
        this.#learn(table, field.step ?? field.name);
    }
    for (const counting of countingsOf(condition)) {
      this.#learn(counting.table, counting.lookup, ["contact", "lead", table]);
      for (const { column, op } of counting.where)
        this.#learn(counting.table, column, [], op.startsWith("within") ? "moment" : "number");
    }
  }

  #learnCustomTrigger({ person, table }: CustomTrigger): void {
    for (const each of person.tables) this.#learn(each, "emailaddress1");
    for (const key of person.keys) this.#learn(key.table, key.column);
    if (table !== undefined) this.#learn(table, "statecode");
  }

  #learn(table: string, column: string, targets: readonly string[] = [], type: ColumnInfo["type"] = "other"): void {
    const known = this.#columns.get(table) ?? new Map<string, ColumnInfo>();
    known.set(column, {
      ...{ column, label: { en: column, fr: column }, custom: false, writable: true, options: [] },
      type: targets.length > 0 || known.get(column)?.type === "lookup" ? "lookup" : type,
      targets: [...new Set([...(known.get(column)?.targets ?? []), ...targets])],
    });
    this.#columns.set(table, known);
  }

  async tables(): Promise<readonly TableInfo[]> {
    return [...this.#columns].map(([table, columns]) => ({
      ...{ table, label: { en: table, fr: table }, columns: [...columns.values()] },
      ...{ custom: false, system: false, nameColumn: null },
    }));
  }
  async table(name: string): Promise<TableInfo | undefined> {
    return (await this.tables()).find(({ table }) => table === name);
  }
  async lookups(name: string): Promise<readonly ColumnInfo[]> {
    return (await this.table(name))?.columns.filter(({ type }) => type === "lookup") ?? [];
  }
  async lookupsTo(name: string) {
    return [...this.#columns].flatMap(([table, columns]) =>
      [...columns.values()].flatMap(({ column, targets }) => (targets.includes(name) ? [{ table, column }] : [])),
    );
  }
  async personLookups(): Promise<readonly PersonLookup[]> {
    return [];
  }
}
