import type { Rows, StoredRow } from "../ports/rows.ts";
import { key, under } from "./keys.ts";
import { all } from "./pages.ts";

const WAITING = "waiting";

/** How far something that is done to each run of a journey has come. */
export interface Pass {
  readonly journey: string;
  /** Of what asked for it, such as the gate: a later one begins anew. */
  readonly epoch: number;
  /** Which of the lists is gone through. */
  readonly list: number;
  /** The last place of the list that was done; null at its beginning. */
  readonly after: string | null;
}

/** What is still to be done to the runs of journeys; kept, so that it goes on where a process was cut off. */
export class Passes {
  readonly #rows: Rows;
  readonly #table: "GatePasses" | "MovePasses";

  constructor(rows: Rows, table: "GatePasses" | "MovePasses") {
    this.#rows = rows;
    this.#table = table;
  }

  async begin(pass: Pass): Promise<void> {
    await this.#rows.commit(this.#table, WAITING, [{ kind: "upsert", row: rowOf(pass.journey), value: pass }]);
  }

  async read(journey: string): Promise<StoredRow<Pass> | undefined> {
    return this.#rows.get<Pass>(this.#table, WAITING, rowOf(journey));
  }

  async waiting(): Promise<readonly string[]> {
    return (await all<Pass>(this.#rows, this.#table, WAITING, under("journey"))).map(({ value }) => value.journey);
  }

  /** False where somebody else was faster, or the gate was changed again. */
  async move({ row, etag }: StoredRow<Pass>, to: Pass): Promise<boolean> {
    return this.#commit({ kind: "replace", row, etag, value: to });
  }

  async end({ row, etag }: StoredRow<Pass>): Promise<boolean> {
    return this.#commit({ kind: "delete", row, etag });
  }

  async #commit(write: Parameters<Rows["commit"]>[2][number]): Promise<boolean> {
    return (await this.#rows.commit(this.#table, WAITING, [write])).kind === "committed";
  }
}

function rowOf(journey: string): string {
  return key("journey", journey);
}
