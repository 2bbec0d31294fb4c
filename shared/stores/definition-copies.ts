import { isDeepStrictEqual } from "node:util";
import type { Span } from "../domain/published-spans.ts";
import type { Rows, Write } from "../ports/rows.ts";
import type { DefinitionTable, Listed } from "./definitions.ts";
import { key, padSeq, under } from "./keys.ts";
import { all } from "./pages.ts";

/** All that is stored of one definition: its draft, every revision, and when which was published. */
export interface DefinitionCopy {
  readonly line: Listed;
  readonly draft: unknown;
  readonly revisions: readonly { readonly revision: number; readonly value: unknown }[];
  /** Without generations: these are of the environment that it was copied from. */
  readonly spans: readonly Pick<Span, "revision" | "at" | "until">[];
}

export type Restored =
  | { readonly kind: "created" | "same" }
  /** Something was missing there; `draftKept`: somebody works on another draft, and it stays. */
  | { readonly kind: "completed"; readonly draftKept: boolean }
  /** A revision of that number says something else there: nothing was written. */
  | { readonly kind: "conflict"; readonly revision: number };

/** Definitions of one kind as a whole, to take them elsewhere and back. */
export class DefinitionCopies {
  readonly #rows: Rows;
  readonly #table: DefinitionTable;

  constructor(rows: Rows, table: DefinitionTable) {
    this.#rows = rows;
    this.#table = table;
  }

  async copy(slug: string): Promise<DefinitionCopy | undefined> {
    const line = await this.#line(slug);
    if (line === undefined) return undefined;
    const [draft, revisions, spans] = await Promise.all([
      this.#rows.get<unknown>(this.#table, key(slug), "draft"),
      all<unknown>(this.#rows, this.#table, key(slug), under("revision")),
      this.#rows.get<readonly Span[]>(this.#table, "index", key("spans", slug)),
    ]);
    return {
      line: line.value,
      draft: draft?.value ?? null,
      revisions: revisions.map(({ row, value }) => ({ revision: Number(row.split("~")[1]), value })),
      spans: (spans?.value ?? []).map(({ from: _from, to: _to, ...span }) => span),
    };
  }

  /**
   * Puts there what is missing, and overwrites nothing: revisions never change, and a draft is somebody's work.
   * `forward` reads what stands there as this build would write it.
   */
  async restore(
    copy: DefinitionCopy,
    forward: (value: unknown, of: "draft" | "revision") => unknown,
  ): Promise<Restored> {
    const { slug } = copy.line;
    const there = await this.copy(slug);
    const known = new Map(there?.revisions.map(({ revision, value }) => [revision, value]));
    for (const { revision, value } of copy.revisions)
      if (known.has(revision) && !isDeepStrictEqual(forward(known.get(revision), "revision"), value))
        return { kind: "conflict", revision };
    const missing = copy.revisions.filter(({ revision }) => !known.has(revision));
    for (const { revision, value } of missing)
      await this.#write([{ kind: "insert", row: key("revision", padSeq(revision)), value }], slug);
    const newDraft = copy.draft !== null && (there?.draft ?? null) === null;
    if (newDraft) await this.#write([{ kind: "insert", row: "draft", value: copy.draft }], slug);
    const listed = await this.#list(copy);
    const draftKept =
      copy.draft !== null && !newDraft && !isDeepStrictEqual(forward(there?.draft, "draft"), copy.draft);
    if (there === undefined) return { kind: "created" };
    const changed = missing.length > 0 || newDraft || listed || draftKept;
    return changed ? { kind: "completed", draftKept } : { kind: "same" };
  }

  /** The list's line goes last: it makes the revision that it names the published one. */
  async #list({ line, spans }: DefinitionCopy): Promise<boolean> {
    for (;;) {
      const before = await this.#line(line.slug);
      if (before !== undefined && (before.value.published ?? 0) >= (line.published ?? 0)) return false;
      const row = key("slug", line.slug);
      const kept = spans.map((span) => ({ ...span, from: null, ...(span.until === undefined ? {} : { to: null }) }));
      const written = await this.#rows.commit(this.#table, "index", [
        before === undefined
          ? { kind: "insert", row, value: line }
          : { kind: "replace", row, value: line, etag: before.etag },
        ...(kept.length === 0 ? [] : [{ kind: "upsert", row: key("spans", line.slug), value: kept } as const]),
      ]);
      if (written.kind === "committed") return true;
    }
  }

  async #line(slug: string) {
    return this.#rows.get<Listed>(this.#table, "index", key("slug", slug));
  }

  /** Somebody who writes the same at the same moment is as good. */
  async #write(writes: readonly Write[], slug: string): Promise<void> {
    await this.#rows.commit(this.#table, key(slug), writes);
  }
}

/** Those of every kind. */
export function copiesOver(
  rows: Rows,
): Readonly<Record<"triggers" | "journeys" | "mails" | "surveys", DefinitionCopies>> {
  return {
    triggers: new DefinitionCopies(rows, "Triggers"),
    journeys: new DefinitionCopies(rows, "Journeys"),
    mails: new DefinitionCopies(rows, "Mails"),
    surveys: new DefinitionCopies(rows, "Surveys"),
  };
}
