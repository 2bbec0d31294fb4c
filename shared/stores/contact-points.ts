import type { Rows } from "../ports/rows.ts";
import { key } from "./keys.ts";
import { firstPage } from "./pages.ts";

const TABLE = "ContactPoints";
const SUPPRESSED = "suppressed";
const KEY = "key";
const LIST = "list";
const MARK = "mark";

/** Why nothing commercial goes to an address any more. It outlives what else is known of its reader. */
export interface Suppression {
  /** Milliseconds. */
  readonly at: number;
  readonly reason: "unsubscribed";
  /** The provider's operation id of the mail whose link was used. */
  readonly operation: string;
}

/** What holds for an address, whoever has it: found by a keyed hash, so that the table names nobody. */
export class ContactPoints {
  readonly #rows: Rows;
  /** It never changes, so it is read once. */
  #mark: string | undefined;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async suppression(address: string): Promise<Suppression | undefined> {
    return (await this.#rows.get<Suppression>(TABLE, key(address), SUPPRESSED))?.value;
  }

  /** The first one counts; answers which that is. */
  async suppress(address: string, suppression: Suppression): Promise<Suppression> {
    // The list first: whoever is cut off here asks again.
    await this.#rows.commit(TABLE, LIST, [{ kind: "insert", row: key(address), value: suppression }]);
    const written = await this.#rows.commit(TABLE, key(address), [
      { kind: "insert", row: SUPPRESSED, value: suppression },
    ]);
    return written.kind === "committed" ? suppression : ((await this.suppression(address)) ?? suppression);
  }

  /** Takes a suppression back; false where there was none. */
  async lift(address: string): Promise<boolean> {
    const gone = await this.#rows.commit(TABLE, key(address), [{ kind: "delete", row: SUPPRESSED }]);
    await this.#rows.commit(TABLE, LIST, [{ kind: "delete", row: key(address) }]);
    return gone.kind === "committed";
  }

  /** A page of all of them, for whoever takes them elsewhere: they are of use only with the key of the hashes. */
  async suppressions(limit: number, continuation?: string) {
    const range = { limit, ...(continuation === undefined ? {} : { continuation }) };
    const page = await firstPage<Suppression>(this.#rows, TABLE, LIST, range);
    return {
      suppressions: page.rows.map(({ row, value }) => ({ address: row, ...value })),
      next: page.continuation ?? null,
    };
  }

  /** The mark of the key that hashes are made with: the one that was written first. */
  async keyMark(mark: string): Promise<string> {
    this.#mark ??= await this.#readMark(mark);
    return this.#mark;
  }

  async #readMark(mark: string): Promise<string> {
    const there = await this.#rows.get<string>(TABLE, KEY, MARK);
    if (there !== undefined) return there.value;
    const written = await this.#rows.commit(TABLE, KEY, [{ kind: "insert", row: MARK, value: mark }]);
    if (written.kind === "committed") return mark;
    return (await this.#rows.get<string>(TABLE, KEY, MARK))?.value ?? mark;
  }
}
