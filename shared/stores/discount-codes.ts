import type { Rows } from "../ports/rows.ts";
import { hash } from "./hash.ts";
import { key, under } from "./keys.ts";
import { all, firstPage } from "./pages.ts";

const TABLE = "DiscountCodes";
/** Rounds of looking for a free code while others draw at the same time. */
const ROUNDS = 20;

interface Free {
  readonly code: string;
}
interface Claim {
  readonly code: string;
  readonly at: number;
}

/** Who draws: one visit of a discount step gets one code, however often it asks. */
export interface Drawer {
  readonly run: string;
  readonly step: string;
  readonly visit: number;
}

/** Pools of discount codes. A code and its claim change hands in one transaction, so that no code goes out twice. */
export class DiscountCodes {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** Adds codes; one that is in the pool already, drawn or not, is left as it is. Answers how many were new. */
  async add(pool: string, codes: readonly string[]): Promise<number> {
    let added = 0;
    for (const code of new Set(codes)) {
      const written = await this.#rows.commit(TABLE, key(pool), [
        { kind: "insert", row: key("known", hash(code)), value: { code } satisfies Free },
        { kind: "insert", row: key("free", hash(code)), value: { code } satisfies Free },
      ]);
      if (written.kind === "committed") added += 1;
    }
    return added;
  }

  async free(pool: string): Promise<number> {
    return (await all<Free>(this.#rows, TABLE, key(pool), under("free"))).length;
  }

  /**
   * The visit's code, or undefined where the pool is empty. `chance` is a number from 0 up to 1: drawing from a random
   * start keeps runs that draw at once out of each other's way.
   */
  async draw(pool: string, drawer: Drawer, chance: () => number, now: number): Promise<string | undefined> {
    const claim = claimOf(drawer);
    for (let round = 0; round < ROUNDS; round += 1) {
      const claimed = await this.#rows.get<Claim>(TABLE, key(pool), claim);
      if (claimed !== undefined) return claimed.value.code;
      const found = await this.#someFree(pool, chance());
      if (found === undefined) return undefined;
      const written = await this.#rows.commit(TABLE, key(pool), [
        { kind: "delete", row: found.row, etag: found.etag },
        { kind: "insert", row: claim, value: { code: found.value.code, at: now } satisfies Claim },
      ]);
      if (written.kind === "committed") return found.value.code;
    }
    return undefined;
  }

  /** Who drew it is forgotten; the code itself stays known, and is never given out again. */
  async forget(pool: string, drawer: Drawer): Promise<void> {
    await this.#rows.commit(TABLE, key(pool), [{ kind: "delete", row: claimOf(drawer) }]);
  }

  async #someFree(pool: string, chance: number) {
    const { from, below } = under("free");
    const start = key(
      "free",
      Math.floor(chance * 2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    );
    return (await this.#firstOf(pool, start, below)) ?? this.#firstOf(pool, from, start);
  }

  async #firstOf(pool: string, from: string, below: string) {
    return (await firstPage<Free>(this.#rows, TABLE, key(pool), { from, below, limit: 1 })).rows[0];
  }
}

function claimOf({ run, step, visit }: Drawer): string {
  return key("claim", ...run.split("~"), step, String(visit));
}
