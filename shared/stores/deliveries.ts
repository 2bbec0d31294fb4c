import type { Columns, RecordAddress } from "../domain/value.ts";
import type { Rows } from "../ports/rows.ts";
import { hash } from "./hash.ts";
import { key, under } from "./keys.ts";
import { all } from "./pages.ts";

const TABLE = "Deliveries";
const SEND = "send";
const ANSWER = "answer";
const REPORT = "report";

/** One send in the ledger. Times are milliseconds. */
export interface Delivery {
  readonly state: "reserved" | "freed" | "sent" | "failed" | "unknown";
  readonly member: string;
  readonly run: string;
  readonly journey: string;
  readonly step: string;
  readonly visit: number;
  readonly mail: { readonly slug: string; readonly revision: number; readonly language: string };
  readonly to: string;
  readonly subject: string;
  /** Hash of the content that was posted. */
  readonly content: string;
  /** Until then the sender may still be waiting for the provider's answer. */
  readonly leaseUntil: number;
  /** When the provider first did not answer whether it holds the send. */
  readonly unansweredSince: number | null;
  readonly reason: string | null;
  readonly survey: { readonly slug: string; readonly revision: number } | null;
  readonly record: RecordAddress | null;
  /** How many of Parcours's own effects stood in a row before the run's entry. */
  readonly hops?: number;
  /** The run's person was merged: it went to the one that survived. */
  readonly survivor?: true;
}

/** Where a send belongs. */
export type Place = Pick<Delivery, "member" | "run" | "journey" | "step" | "visit" | "record">;

export interface StoredDelivery {
  readonly value: Delivery;
  readonly etag: string;
}

/** A survey's answer: the first one counts. */
export interface Answer {
  readonly at: number;
  readonly values: Columns;
}

/** What became of a mail that was sent, as the provider says: `Delivered`, `Bounced`, `view`, `click`, `scanned` … */
export interface Reported {
  readonly status: string;
  /** Milliseconds. */
  readonly at: number;
}

/** The send ledger, found by the provider's operation id in one read: rule 6 stands on it. */
export class Deliveries {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async read(operation: string): Promise<StoredDelivery | undefined> {
    const stored = await this.#rows.get<Delivery>(TABLE, operation, SEND);
    return stored && { value: stored.value, etag: stored.etag };
  }

  /** Takes the send for this activity, or finds that another one was faster. */
  async reserve(operation: string, delivery: Delivery, freed: string | undefined): Promise<string | undefined> {
    const written = await this.#rows.commit(TABLE, operation, [
      freed === undefined
        ? { kind: "insert", row: SEND, value: delivery }
        : { kind: "replace", row: SEND, value: delivery, etag: freed },
    ]);
    return written.kind === "committed" ? written.etags[0] : undefined;
  }

  /** Makes a reservation fail that was decided before this: the row is free, but not the one that was looked at. */
  async shut(operation: string, of: Place, freed: string | undefined): Promise<"shut" | "stale"> {
    const nothing = { to: "", subject: "", content: "", leaseUntil: 0, unansweredSince: null, reason: null };
    const mail = { slug: "", revision: 0, language: "" };
    const shut: Delivery = { state: "freed", ...of, ...nothing, mail, survey: null };
    return (await this.reserve(operation, shut, freed)) === undefined ? "stale" : "shut";
  }

  async settle(operation: string, delivery: Delivery, etag: string): Promise<"settled" | "stale"> {
    const written = await this.#rows.commit(TABLE, operation, [{ kind: "replace", row: SEND, value: delivery, etag }]);
    return written.kind === "committed" ? "settled" : "stale";
  }

  /** The first report of a status counts. */
  async report(operation: string, reported: Reported): Promise<void> {
    const row = key(REPORT, hash(reported.status));
    await this.#rows.commit(TABLE, operation, [{ kind: "insert", row, value: reported }]);
  }

  /** What was reported of a mail, oldest first. */
  async reports(operation: string): Promise<Reported[]> {
    const found = await all<Reported>(this.#rows, TABLE, operation, under(REPORT));
    return found.map(({ value }) => value).sort((one, other) => one.at - other.at);
  }

  /** Keeps the first answer and gives back the one that counts. */
  async answer(operation: string, answer: Answer): Promise<Answer> {
    const written = await this.#rows.commit(TABLE, operation, [{ kind: "insert", row: ANSWER, value: answer }]);
    if (written.kind === "committed") return answer;
    return (await this.answered(operation)) ?? answer;
  }

  /** All that is known of a send. */
  async remove(operation: string): Promise<void> {
    for (const { row } of await all(this.#rows, TABLE, operation, {}))
      await this.#rows.commit(TABLE, operation, [{ kind: "delete", row }]);
  }

  async answered(operation: string): Promise<Answer | undefined> {
    return (await this.#rows.get<Answer>(TABLE, operation, ANSWER))?.value;
  }
}
