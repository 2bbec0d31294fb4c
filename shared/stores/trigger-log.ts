import type { Rows } from "../ports/rows.ts";
import { hash } from "./hash.ts";
import { invertTime, key } from "./keys.ts";
import { firstPage } from "./pages.ts";
import { weekOf } from "./weeks.ts";

const SEEN = "TriggerSeen";
const LAST = "last";
const WEEK_MS = 7 * 86_400_000;
/** How exact it is kept when a trigger's changes were seen last: a busy table would write it without end. */
const SOON_MS = 10_000;
const MOST_KINDS = 10_000;

/** An event of a trigger and what became of it. It names no person: that stands with the record's decisions. */
export interface Fired {
  /** The event. */
  readonly id: string;
  /** Milliseconds. */
  readonly at: number;
  /** `table:id`; null where the event is about no record. */
  readonly record: string | null;
  readonly message: "create" | "update" | "delete" | null;
  readonly woken: number;
  readonly entries: readonly { readonly journey: string; readonly outcome: string }[];
}

/** What each trigger fired, newest first; one table a week, dropped whole. */
export class TriggerLog {
  readonly #rows: Rows;
  readonly #news = new Map<string, number>();

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** The same event again is the same row. */
  async write(trigger: string, fired: Fired): Promise<void> {
    const row = key(invertTime(fired.at), hash(fired.id));
    await this.#rows.commit(`TriggerLog${weekOf(fired.at)}`, key(trigger), [{ kind: "upsert", row, value: fired }]);
  }

  /** The newest of the week that holds `at` and of those before it, `weeks` in all. */
  async newest(trigger: string, at: number, weeks: number, limit: number): Promise<readonly Fired[]> {
    const found: Fired[] = [];
    for (let week = 0; week < weeks && found.length < limit; week += 1) {
      const table = `TriggerLog${weekOf(at - week * WEEK_MS)}`;
      const page = await firstPage<Fired>(this.#rows, table, key(trigger), { limit: limit - found.length });
      found.push(...page.rows.map(({ value }) => value));
    }
    return found;
  }

  /** Whether nothing of that kind came in the last seconds, to this process. */
  isNews(kind: string, at: number): boolean {
    if (at - (this.#news.get(kind) ?? 0) < SOON_MS) return false;
    if (this.#news.size >= MOST_KINDS) this.#news.clear();
    this.#news.set(kind, at);
    return true;
  }

  /** A change came that the trigger listens to, fired or not. Milliseconds. */
  async see(trigger: string, at: number): Promise<void> {
    await this.#rows.commit(SEEN, key(trigger), [{ kind: "upsert", row: LAST, value: at }]);
  }

  /** When such a change came last, within some seconds, in milliseconds. */
  async seen(trigger: string): Promise<number | undefined> {
    return (await this.#rows.get<number>(SEEN, key(trigger), LAST))?.value;
  }

  async drop(week: string): Promise<void> {
    await this.#rows.drop(`TriggerLog${week}`);
  }
}
