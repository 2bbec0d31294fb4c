import type { Journey, JourneyVersion } from "../domain/journey.ts";
import { compile, type Matcher } from "../domain/matcher.ts";
import type { CustomTrigger, RecordTrigger, Trigger } from "../domain/trigger.ts";
import type { Clock } from "../ports/clock.ts";
import type { Definitions } from "../stores/definitions.ts";
import type { Generation } from "../stores/generation.ts";

/** Everything published, arranged for the way in. */
export interface Catalogue {
  readonly generation: number;
  readonly matcher: Matcher;
  /** Triggers on records by table, in the catalogue's order: for changes that no index can be asked about. */
  readonly records: ReadonlyMap<string, readonly RecordTrigger[]>;
  /** Triggers that other systems fire, by slug: no change is matched against them. */
  readonly custom: ReadonlyMap<string, CustomTrigger>;
  /** The published version of each journey, by the trigger of its entry. */
  readonly entries: ReadonlyMap<string, readonly JourneyVersion[]>;
  /** Journeys of which some version has a trigger in a wait, goal or exit, by trigger. */
  readonly cares: ReadonlyMap<string, ReadonlySet<string>>;
  /** Columns that some version uses, by trigger: all that messages carry. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
}

interface Sources {
  readonly triggers: Definitions<Trigger>;
  readonly journeys: Definitions<Journey, JourneyVersion>;
  readonly generation: Generation;
  readonly clock: Clock;
}

/** Keeps the catalogue in memory for one lifetime, then asks whether something was published since. */
export class CatalogueReader {
  readonly #sources: Sources;
  readonly #lifetime: number;
  #current: Catalogue | undefined;
  #trustedUntil = 0;
  #reading: Promise<Catalogue> | undefined;

  constructor(sources: Sources, lifetime: number) {
    this.#sources = sources;
    this.#lifetime = lifetime;
  }

  current(): Promise<Catalogue> {
    if (this.#current !== undefined && this.#sources.clock.now() < this.#trustedUntil)
      return Promise.resolve(this.#current);
    this.#reading ??= this.#refresh().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #refresh(): Promise<Catalogue> {
    // Trust begins before the reading: what is published in between is seen one lifetime later at the latest.
    const until = this.#sources.clock.now() + this.#lifetime;
    try {
      const generation = await this.#sources.generation.read();
      if (this.#current?.generation !== generation) this.#current = await read(this.#sources, generation);
    } catch (fault) {
      // While the store is away nothing can be published either: what is cached stays right, and changes go on.
      if (this.#current === undefined) throw fault;
    }
    this.#trustedUntil = until;
    return this.#current;
  }
}

async function read({ triggers, journeys }: Sources, generation: number): Promise<Catalogue> {
  const published = await publishedTriggers(triggers);
  const entries = new Map<string, JourneyVersion[]>();
  const cares = new Map<string, Set<string>>();
  const columns = new Map<string, Set<string>>();
  for await (const { slug, version, latest } of versionsOf(journeys)) {
    if (latest) push(entries, version.journey.entry.trigger, version);
    // Older versions may still have people in flight: what they care about is delivered too.
    for (const trigger of version.uses.cares) addAll(cares, trigger, [slug]);
    for (const [trigger, names] of Object.entries(version.uses.columns)) addAll(columns, trigger, names);
  }
  const records = published.filter((trigger): trigger is RecordTrigger => trigger.kind === "record");
  const custom = new Map(published.flatMap((it) => (it.kind === "custom" ? [[it.slug, it] as const] : [])));
  const byTable = new Map<string, RecordTrigger[]>();
  for (const trigger of records) push(byTable, trigger.table, trigger);
  const matcher = compile(records, generation);
  return { generation, matcher, records: byTable, custom, entries, cares, columns };
}

/** The latest revision of each trigger that was published and not stopped. */
export async function publishedTriggers(triggers: Definitions<Trigger>): Promise<Trigger[]> {
  const found: Trigger[] = [];
  for (const line of await triggers.list()) {
    if (line.published === null || line.stopped === true) continue;
    const trigger = await triggers.revision(line.slug, line.published);
    if (trigger !== undefined) found.push(trigger);
  }
  return found;
}

/** Columns that some published version of a journey uses, by trigger. */
export async function usedColumns(
  journeys: Definitions<Journey, JourneyVersion>,
): Promise<Map<string, ReadonlySet<string>>> {
  const columns = new Map<string, Set<string>>();
  for await (const { version } of versionsOf(journeys))
    for (const [trigger, names] of Object.entries(version.uses.columns)) addAll(columns, trigger, names);
  return columns;
}

/** Also the one that is about to open: what it uses is known everywhere before anybody enters it (rule 10). */
async function* versionsOf(journeys: Definitions<Journey, JourneyVersion>) {
  for (const line of await journeys.list())
    for (let revision = 1; revision <= (line.published ?? 0) + 1; revision += 1) {
      const version = await journeys.revision(line.slug, revision);
      if (version !== undefined) yield { slug: line.slug, version, latest: revision === line.published };
    }
}

function push<T>(map: Map<string, T[]>, at: string, value: T): void {
  const there = map.get(at);
  if (there === undefined) map.set(at, [value]);
  else there.push(value);
}

function addAll(map: Map<string, Set<string>>, at: string, values: readonly string[]): void {
  const there = map.get(at) ?? new Set();
  for (const value of values) there.add(value);
  map.set(at, there);
}
