import type { HoldReason, Status } from "../domain/run.ts";
import type { Rows } from "../ports/rows.ts";
import { invertTime, key, under } from "./keys.ts";
import type { Bucket } from "./members.ts";
import { firstPage } from "./pages.ts";

const TABLE = "RunIndex";
export const BUCKETS: readonly Bucket[] = ["live", "held", "goal", "exit", "completed", "stopped"];

/** A line of the operators' list. */
export interface IndexedRun {
  readonly run: string;
  readonly member: string;
  readonly journey: string;
  readonly version: number;
  readonly bucket: Bucket;
  readonly enteredAt: number;
  readonly status: Status;
  /** What it waits for outside the journey. */
  readonly hold: HoldReason | null;
  readonly seq: number;
}

/** Operators' lists, page by page: a projection of the runs' own rows. */
export class RunIndex {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async put(line: IndexedRun): Promise<void> {
    await this.#rows.commit(TABLE, key(line.journey, line.bucket), [{ kind: "upsert", row: rowOf(line), value: line }]);
  }

  async remove(line: IndexedRun, bucket: Bucket): Promise<void> {
    await this.#rows.commit(TABLE, key(line.journey, bucket), [{ kind: "delete", row: rowOf(line) }]);
  }

  /** Newest first. */
  async page(
    journey: string,
    bucket: Bucket,
    limit: number,
    continuation?: string,
  ): Promise<{ runs: IndexedRun[]; continuation?: string }> {
    const page = await firstPage<IndexedRun>(this.#rows, TABLE, key(journey, bucket), {
      limit,
      ...(continuation === undefined ? {} : { continuation }),
    });
    const runs = page.rows.map((stored) => stored.value);
    return page.continuation === undefined ? { runs } : { runs, continuation: page.continuation };
  }

  /** Runs that entered before a time, in milliseconds; the newest of them first. */
  async enteredBefore(time: number, journey: string, bucket: Bucket, limit: number, after?: string) {
    return this.newest(journey, bucket, limit, after ?? invertTime(time));
  }

  /**
   * The newest runs, or those that stand after a place of the list. A place holds for every journey and state, so that
   * lists that were put together go on as one.
   */
  async newest(
    journey: string,
    bucket: Bucket,
    limit: number,
    after?: string,
  ): Promise<{ runs: IndexedRun[]; more: boolean }> {
    const runs: IndexedRun[] = [];
    const range = after === undefined ? {} : { from: under(after).from };
    let continuation: string | undefined;
    // A page of the store may be short, or empty, and yet not the last.
    do {
      const page = await this.#rows.list<IndexedRun>(TABLE, key(journey, bucket), {
        ...range,
        limit: limit - runs.length,
        ...(continuation === undefined ? {} : { continuation }),
      });
      runs.push(...page.rows.map((stored) => stored.value));
      continuation = page.continuation;
    } while (continuation !== undefined && runs.length < limit);
    return { runs, more: continuation !== undefined };
  }
}

/** A run's place in the list: sorts the newest first. */
export function placeOf(line: IndexedRun): string {
  return rowOf(line);
}

export function isPlace(text: string): boolean {
  return /^\d{13}~[A-Za-z0-9:._-]+~[A-Za-z0-9:._-]+$/.test(text);
}

function rowOf(line: IndexedRun): string {
  return key(invertTime(line.enteredAt), ...line.run.split("~"));
}
