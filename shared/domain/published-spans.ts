/** For how long a revision was the published one. A catalogue of generation g holds it if `from <= g < to`. */
export interface Span {
  readonly revision: number;
  /** Generation of the catalogue, and time (ISO 8601); null of what was published before this was kept. */
  readonly from: number | null;
  readonly at: string | null;
  /** Absent while it is published. */
  readonly to?: number | null;
  readonly until?: string;
}

/** More revisions than anybody publishes of one definition while the changes that they saw are kept. */
const MOST = 100;

/** What stands when a revision becomes the published one; the same once more changes nothing. */
export function opened(
  spans: readonly Span[],
  revision: number,
  at: string,
  generation: number | null,
): readonly Span[] {
  const last = spans.at(-1);
  if (last !== undefined && last.revision === revision && last.until === undefined) return spans;
  return [...closed(spans, at, generation), { revision, from: generation, at }].slice(-MOST);
}

/** What stands when nothing of the definition is published any more. */
export function closed(spans: readonly Span[], at: string, generation: number | null): readonly Span[] {
  const last = spans.at(-1);
  if (last === undefined || last.until !== undefined) return spans;
  return [...spans.slice(0, -1), { ...last, to: generation, until: at }];
}

/** The revision that a catalogue of this generation held, if it held one. */
export function revisionAt(spans: readonly Span[], generation: number): number | undefined {
  const found = spans.findLast(({ from, to }) => (from ?? 0) <= generation && (to == null || generation < to));
  return found?.revision;
}

/** The revision that was published at a time, in milliseconds. */
export function revisionOn(spans: readonly Span[], time: number): number | undefined {
  const found = spans.findLast(
    ({ at, until }) => (at === null || Date.parse(at) <= time) && (until === undefined || time < Date.parse(until)),
  );
  return found?.revision;
}
