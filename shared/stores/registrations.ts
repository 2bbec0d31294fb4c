import type { Difference } from "../domain/registration/drift.ts";
import type { RecordTrigger } from "../domain/trigger.ts";
import type { Rows } from "../ports/rows.ts";
import { invertTime, key, under } from "./keys.ts";
import { all } from "./pages.ts";

const TABLE = "Registrations";
const PLACE = "registrations";
const LEASE = "lease";
const REGISTERED = "registered";
const INTENT = "intent";
const DRIFT = "drift";

/** What is about to be published or stopped: Dataverse is made ready for it before any process hears of it. */
export type Intent =
  | { readonly kind: "publish"; readonly trigger: RecordTrigger }
  | { readonly kind: "stop"; readonly trigger: string }
  /** A journey's version that is about to use these columns, by trigger. */
  | { readonly kind: "use"; readonly columns: Readonly<Record<string, readonly string[]>> };

export interface KnownIntent {
  readonly id: string;
  readonly intent: Intent;
  /** When it was said, in milliseconds. */
  readonly at: number;
}

/** What was found to differ, once for as long as it stays the same. */
export interface DriftSeen {
  /** Milliseconds. */
  readonly at: number;
  readonly differences: readonly Difference[];
  readonly mended: boolean;
}

interface Lease {
  readonly owner: string;
  readonly until: number;
}

/** What Parcours remembers of its registrations; what there is, Dataverse itself says. */
export class Registrations {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async intents(): Promise<KnownIntent[]> {
    return (await all<KnownIntent>(this.#rows, TABLE, PLACE, under(INTENT))).map(({ value }) => value);
  }

  async intend(id: string, intent: Intent, at: number): Promise<void> {
    const value: KnownIntent = { id, intent, at };
    await this.#rows.commit(TABLE, PLACE, [{ kind: "upsert", row: key(INTENT, id), value }]);
  }

  async forget(id: string): Promise<void> {
    await this.#rows.commit(TABLE, PLACE, [{ kind: "delete", row: key(INTENT, id) }]);
  }

  /** The mark of what was last registered whole; undefined while that is under way, or was cut off. */
  async registered(): Promise<string | undefined> {
    return (await this.#rows.get<string>(TABLE, PLACE, REGISTERED))?.value || undefined;
  }

  async setRegistered(mark: string | undefined): Promise<void> {
    await this.#rows.commit(TABLE, PLACE, [{ kind: "upsert", row: REGISTERED, value: mark ?? "" }]);
  }

  /** Takes the lease if nobody has it, or whoever had it is past its time. */
  async lease(owner: string, now: number, until: number): Promise<boolean> {
    const there = await this.#rows.get<Lease>(TABLE, PLACE, LEASE);
    if (there !== undefined && there.value.owner !== owner && there.value.until > now) return false;
    const value: Lease = { owner, until };
    const written = await this.#rows.commit(TABLE, PLACE, [
      there === undefined
        ? { kind: "insert", row: LEASE, value }
        : { kind: "replace", row: LEASE, value, etag: there.etag },
    ]);
    if (written.kind === "committed") return true;
    return (await this.#rows.get<Lease>(TABLE, PLACE, LEASE))?.value.owner === owner;
  }

  async release(owner: string): Promise<void> {
    const there = await this.#rows.get<Lease>(TABLE, PLACE, LEASE);
    if (there?.value.owner !== owner) return;
    await this.#rows.commit(TABLE, PLACE, [{ kind: "delete", row: LEASE, etag: there.etag }]);
  }

  /** The newest first. */
  async seen(limit: number): Promise<DriftSeen[]> {
    const page = await this.#rows.list<DriftSeen>(TABLE, PLACE, { ...under(DRIFT), limit });
    return page.rows.map(({ value }) => value);
  }

  async see(seen: DriftSeen): Promise<void> {
    await this.#rows.commit(TABLE, PLACE, [{ kind: "upsert", row: key(DRIFT, invertTime(seen.at)), value: seen }]);
  }
}
