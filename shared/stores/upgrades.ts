import type { Rows } from "../ports/rows.ts";

const TABLE = "Upgrades";
const PARTITION = "app";
const ORCHESTRATOR = "orchestrator";

/** What the last build that looked left behind. */
export class Upgrades {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** Generation of the orchestrator that runs were last moved to; undefined while none ever was. */
  async orchestrator(): Promise<number | undefined> {
    return (await this.#rows.get<number>(TABLE, PARTITION, ORCHESTRATOR))?.value;
  }

  async movedTo(generation: number): Promise<void> {
    await this.#rows.commit(TABLE, PARTITION, [{ kind: "upsert", row: ORCHESTRATOR, value: generation }]);
  }
}
