import type { Status } from "../domain/run.ts";
import type { Rows } from "../ports/rows.ts";
import { invertTime, key } from "./keys.ts";
import type { Bucket } from "./members.ts";

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
    const page = await this.#rows.list<IndexedRun>(TABLE, key(journey, bucket), {
      limit,
      ...(continuation === undefined ? {} : { continuation }),
    });
    const runs = page.rows.map((stored) => stored.value);
    return page.continuation === undefined ? { runs } : { runs, continuation: page.continuation };
  }
}

function rowOf(line: IndexedRun): string {
  return key(invertTime(line.enteredAt), ...line.run.split("~"));
}
