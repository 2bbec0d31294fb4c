import { closed, opened, type Span } from "../domain/published-spans.ts";
import type { Rows, Write } from "../ports/rows.ts";
import { key, padSeq, under } from "./keys.ts";
import { all } from "./pages.ts";

export type DefinitionTable = "Triggers" | "Journeys" | "Mails" | "Surveys";

/** One line of the list of all definitions of a kind. */
export interface Listed {
  readonly slug: string;
  readonly name: string;
  /** The latest published revision; null while there is only a draft. */
  readonly published: number | null;
  /** A trigger that was published and fires no more; absent is no. */
  readonly stopped?: boolean;
  readonly updatedAt: string;
}

export interface Stored<T> {
  readonly value: T;
  readonly etag: string;
}

/** Brings what an earlier build stored to the shape that this one works with. */
export interface Forward<T, P> {
  readonly draft: (stored: T) => T;
  readonly revision: (stored: P) => P;
}

const DRAFT = "draft";
const INDEX = "index";
const SPANS = "spans";

/** Drafts that are edited and revisions that never change, of one kind of definition. */
export class Definitions<T, P = T> {
  readonly #rows: Rows;
  readonly #table: DefinitionTable;
  readonly #forward: Forward<T, P>;
  /** Revisions never change, so they are read once. */
  readonly #revisions = new Map<string, P>();

  constructor(rows: Rows, table: DefinitionTable, forward: Forward<T, P>) {
    this.#rows = rows;
    this.#table = table;
    this.#forward = forward;
  }

  async draft(slug: string): Promise<Stored<T> | undefined> {
    const stored = await this.#rows.get<T>(this.#table, key(slug), DRAFT);
    return stored && { value: this.#forward.draft(stored.value), etag: stored.etag };
  }

  /** Saves a draft; with an etag only over that one, without only where none stands. Undefined: somebody was faster. */
  async save(slug: string, name: string, value: T, etag: string | undefined, at: string): Promise<string | undefined> {
    const written = await this.#rows.commit(this.#table, key(slug), [
      etag === undefined ? { kind: "insert", row: DRAFT, value } : { kind: "replace", row: DRAFT, value, etag },
    ]);
    if (written.kind === "conflict") return undefined;
    await this.#list(slug, (before) => ({
      ...before,
      slug,
      name,
      published: before?.published ?? null,
      updatedAt: at,
    }));
    return written.etags[0];
  }

  /**
   * Adds the next revision and makes it the published one, from this generation of the catalogue on. Undefined:
   * somebody published at the same moment.
   */
  async publish(
    slug: string,
    name: string,
    value: (revision: number) => P,
    at: string,
    generation: number | null = null,
  ): Promise<number | undefined> {
    const { revision, ours } = await this.add(slug, value);
    await this.open(slug, name, revision, at, generation);
    return ours ? revision : undefined;
  }

  /** Adds the next revision, not published yet. Not ours: somebody else's, or one that was cut off before it opened. */
  async add(
    slug: string,
    value: (revision: number) => P,
  ): Promise<{ readonly revision: number; readonly ours: boolean }> {
    const revision = ((await this.listed(slug))?.published ?? 0) + 1;
    const written = await this.#rows.commit(this.#table, key(slug), [
      { kind: "insert", row: key("revision", padSeq(revision)), value: value(revision) },
    ]);
    return { revision, ours: written.kind === "committed" };
  }

  /** Makes a revision that was added the published one, unless a later one is. */
  async open(
    slug: string,
    name: string,
    revision: number,
    at: string,
    generation: number | null = null,
  ): Promise<void> {
    await this.#list(
      slug,
      (before) =>
        before !== undefined && (before.published ?? 0) > revision
          ? before
          : { slug, name, published: revision, updatedAt: at },
      (spans, { published }) => (published === revision ? opened(spans, revision, at, generation) : spans),
    );
  }

  /** Takes the published revision out of the catalogue until the next one; revisions stay. */
  async stop(slug: string, at: string, generation: number | null = null): Promise<void> {
    await this.#list(
      slug,
      (before) => ({ name: slug, published: null, ...before, slug, stopped: true, updatedAt: at }),
      (spans) => closed(spans, at, generation),
    );
  }

  async revision(slug: string, revision: number): Promise<P | undefined> {
    const row = key("revision", padSeq(revision));
    const cached = this.#revisions.get(`${slug}~${row}`);
    if (cached !== undefined) return cached;
    const stored = await this.#rows.get<P>(this.#table, key(slug), row);
    if (stored === undefined) return undefined;
    const value = this.#forward.revision(stored.value);
    this.#revisions.set(`${slug}~${row}`, value);
    return value;
  }

  async list(): Promise<Listed[]> {
    return (await all<Listed>(this.#rows, this.#table, INDEX, under("slug"))).map((stored) => stored.value);
  }

  async listed(slug: string): Promise<Listed | undefined> {
    return (await this.#rows.get<Listed>(this.#table, INDEX, key("slug", slug)))?.value;
  }

  /** When which revision was published, by slug; one that was published before this was kept has its last alone. */
  async spans(): Promise<ReadonlyMap<string, readonly Span[]>> {
    const [lines, kept] = await Promise.all([
      this.list(),
      all<readonly Span[]>(this.#rows, this.#table, INDEX, under(SPANS)),
    ]);
    const bySlug = new Map(kept.map(({ row, value }) => [row.slice(SPANS.length + 1), value]));
    return new Map(lines.map((line) => [line.slug, bySlug.get(line.slug) ?? spansOf(line)]));
  }

  async #list(
    slug: string,
    line: (before: Listed | undefined) => Listed,
    spans?: (before: readonly Span[], now: Listed) => readonly Span[],
  ): Promise<void> {
    const row = key("slug", slug);
    for (;;) {
      const before = await this.#rows.get<Listed>(this.#table, INDEX, row);
      const value = line(before?.value);
      const writes: Write[] = [
        before === undefined ? { kind: "insert", row, value } : { kind: "replace", row, value, etag: before.etag },
      ];
      if (spans !== undefined) {
        const place = key(SPANS, slug);
        const kept = await this.#rows.get<readonly Span[]>(this.#table, INDEX, place);
        // The line's own ETag guards both.
        writes.push({ kind: "upsert", row: place, value: spans(kept?.value ?? spansOf(before?.value), value) });
      }
      const written = await this.#rows.commit(this.#table, INDEX, writes);
      if (written.kind === "committed") return;
    }
  }
}

/** What a line that was written before spans were kept says. */
function spansOf(line: Listed | undefined): readonly Span[] {
  if (line === undefined || line.published === null) return [];
  const published = { revision: line.published, from: null, at: null };
  return line.stopped === true ? [{ ...published, to: null, until: line.updatedAt }] : [published];
}
