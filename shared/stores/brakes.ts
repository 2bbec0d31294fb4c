import type { TriggerEvent } from "../domain/event.ts";
import type { Rows, StoredRow } from "../ports/rows.ts";
import { key, padTime, under } from "./keys.ts";
import { all, firstPage } from "./pages.ts";
import { weekOf } from "./weeks.ts";

const TABLE = "Brakes";
const HELD = "Held";
const BRAKES = "brakes";
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MOST_WRITES = 100;
/** Hours of the past that tell a trigger's usual rate. */
const DAYS_OF_HOURS = 7;

/** A trigger that fired far more often than usual: its entries wait for an operator. Times are milliseconds. */
export interface Brake {
  readonly trigger: string;
  readonly since: number;
  /** Events in the busiest hour of the last days, and in the hour in which it closed. */
  readonly usual: number;
  readonly seen: number;
  /** From so many in an hour on it closes. */
  readonly limit: number;
  /** The rate is usual again: what comes now enters, what waits goes on waiting. */
  readonly calm: boolean;
  /** Since when nothing waits: it opens once every process has heard that it does. */
  readonly opening?: number;
  /** What an operator decided; null while nobody did. */
  readonly decided:
    | {
        readonly kind: "release";
        readonly perMinute: number;
        readonly by: string;
        readonly at: number;
        readonly upTo: number;
      }
    /** What was held until then. */
    | { readonly kind: "discard"; readonly by: string; readonly at: number }
    | null;
}

/** An event whose entries wait. */
export interface HeldEvent {
  readonly event: TriggerEvent;
  /** When it was put here, in milliseconds. */
  readonly at: number;
}

/** What one process held, since it runs. */
export interface HeldCount {
  readonly held: number;
  /** Who changed the records, as far as it was told: user → events. */
  readonly by: Readonly<Record<string, number>>;
}

interface HourCount {
  readonly events: number;
  /** In a surge: no measure of what is usual. */
  readonly braked: boolean;
}

/** How often triggers fire, those that fire too often, and the entries that wait. Each process writes rows of its own. */
export class Brakes {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** How many events of a trigger a process saw in the hour of `at`, so far. */
  async count(trigger: string, at: number, process: string, value: HourCount): Promise<void> {
    const row = key(hourOf(at), process);
    await this.#rows.commit(ratesTable(at), key(trigger), [{ kind: "upsert", row, value }]);
  }

  /** Events of a trigger in the hour of `at`, of all processes. */
  async inHour(trigger: string, at: number): Promise<number> {
    const rows = await all<HourCount>(this.#rows, ratesTable(at), key(trigger), under(hourOf(at)));
    return rows.reduce((sum, { value }) => sum + value.events, 0);
  }

  /** Events in the busiest hour of the last seven days, this one and those of surges left out. */
  async busiest(trigger: string, now: number): Promise<number> {
    const tables = new Set([ratesTable(now), ratesTable(now - DAYS_OF_HOURS * DAY_MS)]);
    const hours = new Map<string, HourCount>();
    const range = { from: hourOf(now - DAYS_OF_HOURS * DAY_MS), below: hourOf(now) };
    for (const table of tables)
      for (const { row, value } of await all<HourCount>(this.#rows, table, key(trigger), range)) {
        const hour = row.split("~")[0] ?? "";
        const before = hours.get(hour) ?? { events: 0, braked: false };
        hours.set(hour, { events: before.events + value.events, braked: before.braked || value.braked });
      }
    return Math.max(0, ...[...hours.values()].map(({ events, braked }) => (braked ? 0 : events)));
  }

  async brake(trigger: string): Promise<StoredRow<Brake> | undefined> {
    return this.#rows.get<Brake>(TABLE, BRAKES, key(trigger));
  }

  async brakes(): Promise<StoredRow<Brake>[]> {
    return all<Brake>(this.#rows, TABLE, BRAKES, {});
  }

  /** Makes or changes one; false where somebody else did first. */
  async set(value: Brake, etag: string | undefined): Promise<boolean> {
    const row = key(value.trigger);
    const write =
      etag === undefined ? ({ kind: "insert", row, value } as const) : ({ kind: "replace", row, value, etag } as const);
    return (await this.#rows.commit(TABLE, BRAKES, [write])).kind === "committed";
  }

  /** Opens it for good, once nothing waits any more. */
  async open(trigger: string, etag: string): Promise<void> {
    await this.#rows.commit(TABLE, BRAKES, [{ kind: "delete", row: key(trigger), etag }]);
    const partition = key("counts", trigger);
    const counts = await all<HeldCount>(this.#rows, TABLE, partition, {});
    for (const { row } of counts) await this.#rows.commit(TABLE, partition, [{ kind: "delete", row }]);
  }

  /** Lets an event's entries wait. The same event again is the same row; answers whether it is new. */
  async hold(event: TriggerEvent, time: number, now: number): Promise<boolean> {
    const value: HeldEvent = { event, at: now };
    const row = key(padTime(time), event.id);
    const done = await this.#rows.commit(HELD, key(event.trigger), [{ kind: "insert", row, value }]);
    return done.kind === "committed";
  }

  async countHeld(trigger: string, process: string, value: HeldCount): Promise<void> {
    await this.#rows.commit(TABLE, key("counts", trigger), [{ kind: "upsert", row: key(process), value }]);
  }

  /** Of what was held: these wait no more. */
  async countGone(trigger: string, events: readonly TriggerEvent[]): Promise<void> {
    const [partition, row] = [key("counts", trigger), key("gone")];
    for (let kept = false; !kept && events.length > 0; ) {
      const there = await this.#rows.get<HeldCount>(TABLE, partition, row);
      const by: Record<string, number> = { ...there?.value.by };
      for (const { by: user } of events) by[user ?? ""] = (by[user ?? ""] ?? 0) - 1;
      const value: HeldCount = { held: (there?.value.held ?? 0) - events.length, by };
      const write =
        there === undefined
          ? ({ kind: "insert", row, value } as const)
          : ({ kind: "replace", row, value, etag: there.etag } as const);
      kept = (await this.#rows.commit(TABLE, partition, [write])).kind === "committed";
    }
  }

  async heldCounts(trigger: string): Promise<HeldCount[]> {
    return (await all<HeldCount>(this.#rows, TABLE, key("counts", trigger), {})).map(({ value }) => value);
  }

  /** The oldest first. */
  async held(trigger: string, limit: number, continuation?: string) {
    const range = continuation === undefined ? { limit } : { limit, continuation };
    return firstPage<HeldEvent>(this.#rows, HELD, key(trigger), range);
  }

  async heldOne(trigger: string, row: string): Promise<HeldEvent | undefined> {
    return (await this.#rows.get<HeldEvent>(HELD, key(trigger), row))?.value;
  }

  async letGo(trigger: string, rows: readonly string[]): Promise<void> {
    for (let from = 0; from < rows.length; from += MOST_WRITES) {
      const writes = rows.slice(from, from + MOST_WRITES).map((row) => ({ kind: "delete", row }) as const);
      const done = await this.#rows.commit(HELD, key(trigger), writes);
      // One that is gone already undoes the whole: then one by one.
      if (done.kind === "conflict") for (const write of writes) await this.#rows.commit(HELD, key(trigger), [write]);
    }
  }

  /** Forgets how often triggers fired in a week. */
  async drop(at: number): Promise<void> {
    await this.#rows.drop(ratesTable(at));
  }
}

function ratesTable(at: number): string {
  return `Rates${weekOf(at)}`;
}

function hourOf(at: number): string {
  return padTime(Math.floor(at / HOUR_MS) * HOUR_MS);
}
