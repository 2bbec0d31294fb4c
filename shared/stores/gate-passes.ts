import type { Rows, StoredRow } from "../ports/rows.ts";
import { key, under } from "./keys.ts";
import { all } from "./pages.ts";

const TABLE = "GatePasses";
const WAITING = "waiting";

/** How far the runs of a journey have been woken after its gate was changed. */
export interface GatePass {
  readonly journey: string;
  /** The gate's: a later change begins anew. */
  readonly epoch: number;
  /** Which of the lists is gone through. */
  readonly list: number;
  /** The last place of the list that was woken; null at its beginning. */
  readonly after: string | null;
}

/** What is still to be woken; kept, so that it goes on where a process was cut off. */
export class GatePasses {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async begin(pass: GatePass): Promise<void> {
    await this.#rows.commit(TABLE, WAITING, [{ kind: "upsert", row: rowOf(pass.journey), value: pass }]);
  }

  async read(journey: string): Promise<StoredRow<GatePass> | undefined> {
    return this.#rows.get<GatePass>(TABLE, WAITING, rowOf(journey));
  }

  async waiting(): Promise<readonly string[]> {
    return (await all<GatePass>(this.#rows, TABLE, WAITING, under("journey"))).map(({ value }) => value.journey);
  }

  /** False where somebody else was faster, or the gate was changed again. */
  async move({ row, etag }: StoredRow<GatePass>, to: GatePass): Promise<boolean> {
    return this.#commit({ kind: "replace", row, etag, value: to });
  }

  async end({ row, etag }: StoredRow<GatePass>): Promise<boolean> {
    return this.#commit({ kind: "delete", row, etag });
  }

  async #commit(write: Parameters<Rows["commit"]>[2][number]): Promise<boolean> {
    return (await this.#rows.commit(TABLE, WAITING, [write])).kind === "committed";
  }
}

function rowOf(journey: string): string {
  return key("journey", journey);
}
