import type { BusMessage } from "../ports/bus.ts";
import { type Measure, SILENT } from "../ports/measure.ts";
import type { Rows, StoredRow } from "../ports/rows.ts";
import { invertTime, key, padTime } from "./keys.ts";
import { all, firstPage } from "./pages.ts";

const SPILL = "Spill";
const PARKED = "Parked";
const WAITING = "waiting";

/** Messages that the bus could not take: kept until it can. One partition a message's worth of writes is enough here. */
export class Spill {
  readonly #rows: Rows;
  readonly #measure: Measure;

  constructor(rows: Rows, measure: Measure = SILENT) {
    this.#rows = rows;
    this.#measure = measure;
  }

  async put(message: BusMessage, at: number): Promise<void> {
    const trace = message.trace ?? this.#measure.trace();
    const value = trace === undefined ? message : { ...message, trace };
    await this.#rows.commit(SPILL, WAITING, [{ kind: "upsert", row: key(padTime(at), message.id), value }]);
    this.#measure.count("parcours.spilled");
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

/** What surely fits: half of it may be escaped. */
const LONGEST_BODY = 200_000;
/** A row's limit, less what its keys take; two bytes a character. */
const LARGEST_ROW = 890 * 1024;

/** A webhook's body does, whatever it holds, up to Dataverse's own limit of 256 KB but for rare cases. */
function fits(item: ParkedItem): boolean {
  return JSON.stringify(item).length * 2 <= LARGEST_ROW;
}

export class Parked {
  readonly #rows: Rows;
  readonly #measure: Measure;

  constructor(rows: Rows, measure: Measure = SILENT) {
    this.#rows = rows;
    this.#measure = measure;
  }

  async put(item: ParkedItem): Promise<void> {
    const value = fits(item) ? item : { ...item, body: item.body.slice(0, LONGEST_BODY) };
    await this.#rows.commit(PARKED, item.kind, [{ kind: "upsert", row: key(invertTime(item.at), item.id), value }]);
    this.#measure.count("parcours.parked", { source: item.source, kind: item.kind });
  }

  /** The newest first; with `before` only those that were parked at that time (milliseconds) or earlier. */
  async page(kind: ParkedItem["kind"], limit: number, continuation?: string, before?: number) {
    return firstPage<ParkedItem>(this.#rows, PARKED, kind, {
      limit,
      ...(before === undefined ? {} : { from: invertTime(before) }),
      ...(continuation === undefined ? {} : { continuation }),
    });
  }

  /** Items that were parked before a time, in milliseconds. */
  async removeBefore(time: number, kind: ParkedItem["kind"]): Promise<number> {
    const range = { from: invertTime(time) };
    const found = await all<ParkedItem>(this.#rows, PARKED, kind, range);
    for (const { row } of found) await this.#rows.commit(PARKED, kind, [{ kind: "delete", row }]);
    return found.length;
  }

  async remove(item: ParkedItem): Promise<void> {
    await this.#rows.commit(PARKED, item.kind, [{ kind: "delete", row: key(invertTime(item.at), item.id) }]);
  }
}
