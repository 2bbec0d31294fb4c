import type { BusMessage } from "../ports/bus.ts";
import type { Rows, StoredRow } from "../ports/rows.ts";
import { invertTime, key, padTime } from "./keys.ts";
import { firstPage } from "./pages.ts";

const SPILL = "Spill";
const PARKED = "Parked";
const WAITING = "waiting";

/** Messages that the bus could not take: kept until it can. One partition a message's worth of writes is enough here. */
export class Spill {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async put(message: BusMessage, at: number): Promise<void> {
    await this.#rows.commit(SPILL, WAITING, [{ kind: "upsert", row: key(padTime(at), message.id), value: message }]);
  }

  async oldest(limit: number): Promise<readonly StoredRow<BusMessage>[]> {
    return (await firstPage<BusMessage>(this.#rows, SPILL, WAITING, { limit })).rows;
  }

  async remove(row: string): Promise<void> {
    await this.#rows.commit(SPILL, WAITING, [{ kind: "delete", row }]);
  }
}

/** Something that could not be worked on, with its reason; nothing is lost. Times are milliseconds. */
export interface ParkedItem {
  readonly id: string;
  readonly at: number;
  readonly source: "webhook" | "trigger-events" | "mail-reports" | "decisions";
  /**
   * `transient`: a timer replays it once what failed answers again. `unknown`: an event of which nobody can tell
   * whether its trigger fires, since the change came without its values; replayed, it is let in.
   */
  readonly kind: "malformed" | "foreign" | "permanent" | "transient" | "unknown";
  readonly reason: string;
  /** The raw body or message, as text; cut where a row could not hold it. */
  readonly body: string;
  /** For one journey's fault: the others went on. */
  readonly journey: string | null;
}

/** Half a row's limit: the rest is room for the reason and the store's own encoding. */
const LONGEST_BODY = 200_000;

export class Parked {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async put(item: ParkedItem): Promise<void> {
    const value = { ...item, body: item.body.slice(0, LONGEST_BODY) };
    await this.#rows.commit(PARKED, item.kind, [{ kind: "upsert", row: key(invertTime(item.at), item.id), value }]);
  }

  async page(kind: ParkedItem["kind"], limit: number, continuation?: string) {
    return firstPage<ParkedItem>(this.#rows, PARKED, kind, {
      limit,
      ...(continuation === undefined ? {} : { continuation }),
    });
  }

  async remove(item: ParkedItem): Promise<void> {
    await this.#rows.commit(PARKED, item.kind, [{ kind: "delete", row: key(invertTime(item.at), item.id) }]);
  }
}
