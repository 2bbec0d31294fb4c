import type { Rows } from "../ports/rows.ts";

const TABLE = "Catalogue";
const ROW = "generation";

/** The catalogue's generation: raised by each publish, read before a process trusts what it has cached. */
export class Generation {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async read(): Promise<number> {
    return (await this.#rows.get<number>(TABLE, ROW, ROW))?.value ?? 0;
  }

  async raise(): Promise<number> {
    for (;;) {
      const before = await this.#rows.get<number>(TABLE, ROW, ROW);
      const value = (before?.value ?? 0) + 1;
      const written = await this.#rows.commit(TABLE, ROW, [
        before === undefined
          ? { kind: "insert", row: ROW, value }
          : { kind: "replace", row: ROW, value, etag: before.etag },
      ]);
      if (written.kind === "committed") return value;
    }
  }
}
