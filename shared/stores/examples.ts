import type { SeenChange } from "../domain/example.ts";
import type { Rows, Write } from "../ports/rows.ts";
import { hash } from "./hash.ts";
import { key, padTime, under } from "./keys.ts";
import { all } from "./pages.ts";

const TABLE = "Examples";
/** Those that listen, so that each change finds them in one short list. */
const LISTENING = "listening";
const STANDING = "standing";
const EXAMPLE = "example";
const SEEN = "seen";
/** One who does it oftener did not do it once. Few enough to be removed in one transaction, too. */
const MOST_SEEN = 40;
const MOST_TRIES = 50;

/** Somebody is about to show what shall fire. Times are milliseconds. */
export interface Example {
  readonly id: string;
  readonly table: string;
  /** Lower-case GUID of the Dataverse user. */
  readonly user: string;
  readonly since: number;
  readonly until: number;
}

interface Kept extends Example {
  readonly seen: number;
}

/** Examples and what was seen of each: it goes with its example, in one transaction, so that nothing of it is left. */
export class Examples {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async listening(): Promise<readonly Example[]> {
    return (await all<Example>(this.#rows, TABLE, LISTENING, under(EXAMPLE))).map(({ value }) => value);
  }

  async put(example: Example): Promise<void> {
    await this.#rows.commit(TABLE, LISTENING, [{ kind: "upsert", row: key(EXAMPLE, example.id), value: example }]);
    await this.#rows.commit(TABLE, key(example.id), [{ kind: "upsert", row: EXAMPLE, value: { ...example, seen: 0 } }]);
  }

  /** The example and what was seen, oldest first; undefined where it is over. */
  async read(id: string): Promise<{ readonly example: Example; readonly seen: readonly SeenChange[] } | undefined> {
    const example = (await this.#rows.get<Kept>(TABLE, key(id), EXAMPLE))?.value;
    if (example === undefined) return undefined;
    return { example, seen: (await all<SeenChange>(this.#rows, TABLE, key(id), under(SEEN))).map((row) => row.value) };
  }

  /** Together with the example's own row: what is over takes nothing any more. The same change again is the same row. */
  async see(id: string, change: SeenChange): Promise<void> {
    const row = key(SEEN, padTime(Date.parse(change.at)), hash(change.id));
    for (let tried = 0; tried < MOST_TRIES; tried += 1) {
      const there = await this.#rows.get<Kept>(TABLE, key(id), EXAMPLE);
      if (there === undefined || there.value.seen >= MOST_SEEN) return;
      const written = await this.#rows.commit(TABLE, key(id), [
        { kind: "replace", row: EXAMPLE, value: { ...there.value, seen: there.value.seen + 1 }, etag: there.etag },
        { kind: "insert", row, value: change },
      ]);
      if (written.kind === "committed" || written.reason === "exists") return;
    }
  }

  async remove(id: string): Promise<void> {
    for (let tried = 0; tried < MOST_TRIES; tried += 1) {
      const there = await this.#rows.get<Kept>(TABLE, key(id), EXAMPLE);
      const seen = await all(this.#rows, TABLE, key(id), under(SEEN));
      const writes: Write[] = seen.map(({ row }) => ({ kind: "delete", row }));
      if (there !== undefined) writes.push({ kind: "delete", row: EXAMPLE, etag: there.etag });
      // Something was seen meanwhile, or somebody else removes it too: look again.
      if (writes.length > 0 && (await this.#rows.commit(TABLE, key(id), writes)).kind === "conflict") continue;
      await this.#rows.commit(TABLE, LISTENING, [{ kind: "delete", row: key(EXAMPLE, id) }]);
      return;
    }
  }

  /** Whether something of an example may stand in Dataverse. */
  async standing(): Promise<boolean> {
    return (await this.#rows.get(TABLE, STANDING, STANDING)) !== undefined;
  }

  async setStanding(stands: boolean): Promise<void> {
    const row = STANDING;
    await this.#rows.commit(TABLE, STANDING, [stands ? { kind: "upsert", row, value: true } : { kind: "delete", row }]);
  }
}
