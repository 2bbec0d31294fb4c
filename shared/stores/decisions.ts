import type { ChangeDecision, Decision, EntryDecision, RowsDecision } from "../domain/decision.ts";
import type { Rows } from "../ports/rows.ts";
import { hash } from "./hash.ts";
import { invertTime, key } from "./keys.ts";
import { firstPage } from "./pages.ts";
import { weekOf } from "./weeks.ts";

const WEEK_MS = 7 * 86_400_000;
const MOST_A_WEEK = 200;

/** Reasons, by the record or the member that they are about; one table a week. */
export class Decisions {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** `about` is `table:id`, a member, or `trigger:<slug>` for events about nobody and nothing. The same decision again is the same row. */
  async write(about: string, decision: Decision): Promise<void> {
    const row = key(invertTime(decision.at), decision.kind, idOf(decision));
    await this.#rows.commit(`Decisions${weekOf(decision.at)}`, key(about), [{ kind: "upsert", row, value: decision }]);
  }

  /** Of an entry that waits, or was given up while it did: one that was decided before, and comes again, stays. */
  async writeUnlessEntered(about: string, decision: EntryDecision): Promise<void> {
    const row = key(invertTime(decision.at), decision.kind, idOf(decision));
    const there = await this.#rows.get<EntryDecision>(`Decisions${weekOf(decision.at)}`, key(about), row);
    if (there?.value.outcome !== "entered") await this.write(about, decision);
  }

  /** Newest first, of the week that holds `at` and of those before it, `weeks` in all. */
  async about(about: string, at: number, weeks: number): Promise<Decision[]> {
    return [...(await this.newest(about, at, weeks)).decisions];
  }

  /** As `about`, and whether a week had more than are read of one. */
  async newest(
    about: string,
    at: number,
    weeks: number,
  ): Promise<{ readonly decisions: readonly Decision[]; readonly more: boolean }> {
    const tables = Array.from({ length: weeks }, (_, n) => `Decisions${weekOf(at - n * WEEK_MS)}`);
    const pages = await Promise.all(
      tables.map((table) => firstPage<Decision>(this.#rows, table, key(about), { limit: MOST_A_WEEK })),
    );
    return {
      decisions: pages.flatMap((page) => page.rows.map((stored) => stored.value)),
      more: pages.some((page) => page.continuation !== undefined),
    };
  }

  /** What was considered for one change of a record; undefined where nobody told of it yet. `at` in milliseconds. */
  async change(about: string, at: number, change: string): Promise<ChangeDecision | undefined> {
    const row = key(invertTime(at), "change", hash(change));
    return (await this.#rows.get<ChangeDecision>(`Decisions${weekOf(at)}`, key(about), row))?.value;
  }

  /** What rows said of one event of a record; undefined where nobody asked them yet. `at` in milliseconds. */
  async rows(about: string, at: number, event: string): Promise<RowsDecision | undefined> {
    const row = key(invertTime(at), "rows", hash(event));
    return (await this.#rows.get<RowsDecision>(`Decisions${weekOf(at)}`, key(about), row))?.value;
  }

  /** Keeps what rows said, unless somebody else did before: what stands is answered. */
  async once(about: string, decision: RowsDecision): Promise<RowsDecision> {
    const { at, event } = decision;
    const row = key(invertTime(at), "rows", hash(event));
    const write = { kind: "insert", row, value: decision } as const;
    const written = await this.#rows.commit(`Decisions${weekOf(at)}`, key(about), [write]);
    return written.kind === "committed" ? decision : ((await this.rows(about, at, event)) ?? decision);
  }

  async drop(week: string): Promise<void> {
    await this.#rows.drop(`Decisions${week}`);
  }
}

function idOf(decision: Decision): string {
  switch (decision.kind) {
    case "change":
      return hash(decision.change);
    case "entry":
      return hash(decision.event, decision.journey);
    case "event":
    case "rows":
    case "unused":
      return hash(decision.event);
  }
}
