import type { Gate } from "../domain/run.ts";
import { type PageLanguage, type Telling, waitsFor } from "../domain/words.ts";
import type { Listed } from "../stores/definitions.ts";
import type { Bucket } from "../stores/members.ts";
import { BUCKETS, type IndexedRun, isPlace, placeOf } from "../stores/run-index.ts";
import type { Deps } from "./deps.ts";
import { type Naming, tellingOf } from "./telling.ts";

/** Runs that are counted of each journey and state: what one read of the store brings. */
const COUNTED = 200;
const LISTED = 50;

export interface StatusFilter {
  readonly journey?: string | undefined;
  readonly state?: Bucket | undefined;
  /** Where the list goes on: the `next` of the page before. */
  readonly next?: string | undefined;
}

/** How many runs stand where, and a page of them. Times in milliseconds. */
export interface StatusRead {
  readonly counts: readonly {
    readonly journey: string;
    readonly title: string;
    readonly state: Bucket;
    readonly count: number;
    readonly more: boolean;
  }[];
  /** What stands over each journey as a whole. */
  readonly gates: Readonly<Record<string, Gate["state"]>>;
  readonly runs: readonly {
    readonly run: string;
    readonly journey: string;
    readonly state: Bucket;
    /** When it entered. */
    readonly since: number;
    readonly waitingFor: string | undefined;
    readonly until: number | undefined;
  }[];
  readonly next: string | undefined;
  /** Of the journeys that are listed, if they agree. */
  readonly timeZone: string | undefined;
}

type Reading = Naming & Pick<Deps, "gates" | "index">;

interface Part {
  readonly journey: Listed;
  readonly state: Bucket;
  readonly runs: readonly IndexedRun[];
  readonly more: boolean;
}

/** The operators' first page: one read of the store for each journey and state, one for its gate, and one more for each further page. */
export async function readStatus(filter: StatusFilter, language: PageLanguage, deps: Reading): Promise<StatusRead> {
  const journeys = (await deps.journeys.list()).filter(({ published }) => published !== null);
  const parts: Part[] = [];
  for (const journey of journeys) parts.push(...(await partsOf(journey, deps)));
  const gates = await Promise.all(
    journeys.map(async ({ slug }) => [slug, (await deps.gates.read(slug)).state] as const),
  );
  const page = await listed(parts, filter, deps);
  const tellings = await tellingsOf(page.runs, language, deps);
  const zones = new Set([...tellings.values()].map(({ journey }) => journey.settings.timeZone));
  return {
    counts: parts.map(({ journey, state, runs, more }) => {
      return { journey: journey.slug, title: journey.name, state, count: runs.length, more };
    }),
    gates: Object.fromEntries(gates),
    runs: page.runs.map((line) => toldLine(line, tellings.get(versionOf(line)))),
    next: page.next,
    timeZone: zones.size === 1 ? [...zones][0] : undefined,
  };
}

function partsOf(journey: Listed, deps: Reading): Promise<Part[]> {
  return Promise.all(
    BUCKETS.map(async (state) => ({ journey, state, ...(await deps.index.newest(journey.slug, state, COUNTED)) })),
  );
}

/** The newest of all lists that the filter names, as one. */
async function listed(
  parts: readonly Part[],
  { journey, state, next }: StatusFilter,
  deps: Reading,
): Promise<{ runs: readonly IndexedRun[]; next: string | undefined }> {
  const after = next !== undefined && isPlace(next) ? next : undefined;
  const named = parts.filter(
    (part) => (journey ?? part.journey.slug) === part.journey.slug && (state ?? part.state) === part.state,
  );
  const lists = await Promise.all(
    named.map(async (part) =>
      after === undefined ? part : deps.index.newest(part.journey.slug, part.state, LISTED, after),
    ),
  );
  const all = lists.flatMap(({ runs }) => runs).sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const runs = all.slice(0, LISTED);
  const last = runs.at(-1);
  const more = all.length > LISTED || lists.some((list) => list.more);
  return { runs, next: more && last !== undefined ? placeOf(last) : undefined };
}

async function tellingsOf(
  runs: readonly IndexedRun[],
  language: PageLanguage,
  deps: Reading,
): Promise<ReadonlyMap<string, Telling>> {
  const tellings = new Map<string, Telling>();
  for (const line of runs) {
    if (tellings.has(versionOf(line))) continue;
    const version = await deps.journeys.revision(line.journey, line.version);
    if (version !== undefined) tellings.set(versionOf(line), await tellingOf(version, language, deps));
  }
  return tellings;
}

function versionOf({ journey, version }: IndexedRun): string {
  return `${journey}~${version}`;
}

function toldLine(line: IndexedRun, telling: Telling | undefined): StatusRead["runs"][number] {
  const { run, journey, bucket: state, enteredAt: since, status, hold } = line;
  const standing = { step: status.step, hold, waiting: status.until !== null };
  return {
    run,
    journey,
    state,
    since,
    waitingFor: telling === undefined ? undefined : waitsFor(standing, telling),
    // A hold has no time limit, only a time of its next try.
    until: status.until === null || hold !== null ? undefined : Date.parse(status.until),
  };
}
