import { ParcoursError } from "../../shared/errors.ts";
import type { Rows } from "../../shared/ports/rows.ts";

/**
 * What may happen to an operation of the store: nothing; it fails before it took hold, or after; or its answer was
 * lost and the SDK asked again, so that an insert or replace meets itself.
 */
export type Trouble = "none" | "fails" | "answer-lost" | "repeated";

/** Where actors may be interleaved, and what goes wrong there. */
export interface Weather {
  /** Waits for its turn. */
  readonly step: (label: string) => Promise<void>;
  readonly trouble: (label: string) => Trouble;
}

export const CALM: Weather = { step: async () => {}, trouble: () => "none" };

/** A store whose every operation is a point where others come in between, or where something fails. */
export function weathered(rows: Rows, weather: Weather): Rows {
  async function through<T>(label: string, run: () => Promise<T>): Promise<T> {
    await weather.step(label);
    const trouble = weather.trouble(label);
    if (trouble === "fails") throw new ParcoursError("STORE_UNAVAILABLE", `${label}: refused, as asked for`);
    const answer = await run();
    if (trouble === "repeated") return run();
    if (trouble === "answer-lost") throw new ParcoursError("STORE_UNAVAILABLE", `${label}: answer lost, as asked for`);
    return answer;
  }
  return {
    get: (table, partition, row) => through(`get ${table} ${row}`, () => rows.get(table, partition, row)),
    list: (table, partition, range) => through(`list ${table}`, () => rows.list(table, partition, range)),
    commit: (table, partition, writes) =>
      through(`commit ${table} ${writes.map((write) => `${write.kind} ${write.row}`).join(", ")}`, () =>
        rows.commit(table, partition, writes),
      ),
    drop: (table) => through(`drop ${table}`, () => rows.drop(table)),
  };
}

/** Trouble out of a list that a property made: one entry for each operation, then none. */
export function troubles(list: readonly Trouble[]): Weather["trouble"] {
  const left = [...list];
  return () => left.shift() ?? "none";
}

/** Holds single operations up, so that a test can tell exactly what comes in between. */
export class Stops {
  readonly #stops: { readonly label: RegExp; readonly reached: () => void; readonly go: Promise<void> }[] = [];

  readonly step = async (label: string): Promise<void> => {
    const at = this.#stops.findIndex((stop) => stop.label.test(label));
    const [stop] = at < 0 ? [] : this.#stops.splice(at, 1);
    stop?.reached();
    await stop?.go;
  };

  /** The next operation with such a label waits for `go`. */
  next(label: RegExp): { readonly reached: Promise<void>; readonly go: () => void } {
    const reached = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    this.#stops.push({ label, reached: reached.resolve, go: go.promise });
    return { reached: reached.promise, go: go.resolve };
  }
}
