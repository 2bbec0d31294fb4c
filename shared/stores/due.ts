import type { Rows, StoredRow } from "../ports/rows.ts";
import { key, padSeq, padTime } from "./keys.ts";
import { all } from "./pages.ts";

const TABLE = "Due";
const HOUR_MS = 3_600_000;
const KEEPER = "keeper";
/** Hours behind now that are read each time: whoever writes late, or by a clock of its own, is within them. */
const READ_AGAIN = 2;
const AT_ONCE = 8;

/** Where a live run's row lies, and so until when nothing need be done about it. Time in milliseconds. */
export interface DuePlace {
  readonly at: number;
  /** The commit that put it there: two places of a run are never the same row. */
  readonly seq: number;
}

/** By when something must have happened to a run. Times in milliseconds. */
export interface DueRun extends DuePlace {
  readonly run: string;
  readonly member: string;
  readonly journey: string;
  /** The keeper woke it, or started it anew, while it stood at this commit. */
  readonly watched?: { readonly at: number; readonly seq: number };
  /** An activity ran, and found no way on: the engine does its part. */
  readonly tried?: { readonly at: number; readonly why: string };
}

/** A row for each live run, in partitions by the hour in which it is due: what the keeper reads (rule 12). */
export class Due {
  readonly #rows: Rows;
  #marked = false;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** One that lies there already stays as it is, with what the keeper wrote on it. */
  async put(due: DueRun, now: number): Promise<void> {
    await this.#rows.commit(TABLE, slotOf(due.at), [{ kind: "insert", row: rowOf(due), value: due }]);
    // The first row of all says from where on to read; one so far back is read once more.
    if (!this.#marked || hourOf(due.at) < hourOf(now) - READ_AGAIN) await this.#lower(hourOf(Math.min(due.at, now)));
    this.#marked = true;
  }

  async remove(due: DuePlace & Pick<DueRun, "run">): Promise<void> {
    await this.#rows.commit(TABLE, slotOf(due.at), [{ kind: "delete", row: rowOf(due) }]);
  }

  async read(due: DuePlace & Pick<DueRun, "run">): Promise<StoredRow<DueRun> | undefined> {
    return this.#rows.get<DueRun>(TABLE, slotOf(due.at), rowOf(due));
  }

  /** Writes on a row; where it went, or somebody else wrote meanwhile, there is nothing to say. */
  async note({ row, partition, etag, value }: StoredRow<DueRun>, what: Pick<DueRun, "watched" | "tried">) {
    await this.#rows.commit(TABLE, partition, [{ kind: "replace", row, value: { ...value, ...what }, etag }]);
  }

  /**
   * Calls with what was due before `below`, oldest hour first. Hours that are over and hold nothing any more are not
   * read again.
   */
  async forEach(below: number, now: number, look: (due: StoredRow<DueRun>) => Promise<void>): Promise<void> {
    const mark = await this.#rows.get<number>(TABLE, KEEPER, KEEPER);
    const floor = hourOf(now) - READ_AGAIN;
    let clean = Math.min(mark?.value ?? floor, floor);
    for (let hour = clean; hour <= hourOf(below); hour += 1) {
      const found = await all<DueRun>(this.#rows, TABLE, slot(hour), { below: key(padTime(below)) });
      for (let from = 0; from < found.length; from += AT_ONCE)
        await Promise.all(found.slice(from, from + AT_ONCE).map(look));
      if (found.length === 0 && hour === clean && hour < floor) clean += 1;
    }
    await this.#mark(clean, mark?.etag);
  }

  async #lower(hour: number): Promise<void> {
    const mark = await this.#rows.get<number>(TABLE, KEEPER, KEEPER);
    if (mark === undefined || hour < mark.value) await this.#mark(hour, mark?.etag);
  }

  async #mark(hour: number, etag: string | undefined): Promise<void> {
    await this.#rows.commit(TABLE, KEEPER, [
      etag === undefined
        ? { kind: "insert", row: KEEPER, value: hour }
        : { kind: "replace", row: KEEPER, value: hour, etag },
    ]);
  }
}

function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}

function slotOf(at: number): string {
  return slot(hourOf(at));
}

function slot(hour: number): string {
  return key(`hour:${hour}`);
}

function rowOf({ at, run, seq }: DuePlace & Pick<DueRun, "run">): string {
  return key(padTime(at), ...run.split("~"), padSeq(seq));
}
