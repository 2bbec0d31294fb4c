import type { Gate, Migration } from "../domain/run.ts";
import type { Rows } from "../ports/rows.ts";
import { key } from "./keys.ts";

const TABLE = "Journeys";
const GATE = "gate";

export const OPEN: Gate = { state: "open", epoch: 0, migrate: null };

/** What an operator asks of a journey. Without `migrate`, a migration that was asked before goes on. */
export interface GateChange {
  readonly state: Gate["state"];
  readonly migrate?: Migration | null | undefined;
}

/** What stands over a whole journey: read before each effect, so it takes hold at once. */
export class JourneyGates {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async read(journey: string): Promise<Gate> {
    return (await this.#rows.get<Gate>(TABLE, key(journey), GATE))?.value ?? OPEN;
  }

  /** Changes the gate and raises its epoch. */
  async change(journey: string, { state, migrate }: GateChange): Promise<Gate> {
    for (;;) {
      const before = await this.#rows.get<Gate>(TABLE, key(journey), GATE);
      const epoch = (before?.value.epoch ?? 0) + 1;
      const going = migrate === undefined ? (before?.value.migrate ?? null) : migrate && { ...migrate, epoch };
      const value: Gate = { state, epoch, migrate: going };
      const written = await this.#rows.commit(TABLE, key(journey), [
        before === undefined
          ? { kind: "insert", row: GATE, value }
          : { kind: "replace", row: GATE, value, etag: before.etag },
      ]);
      if (written.kind === "committed") return value;
    }
  }
}
