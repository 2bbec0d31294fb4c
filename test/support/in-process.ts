import { liquidTemplates } from "../../shared/adapters/liquid/templates.ts";
import { sqliteRows } from "../../shared/adapters/sqlite/rows.ts";
import type { TriggerEvent } from "../../shared/domain/event.ts";
import type { BusMessage } from "../../shared/ports/bus.ts";
import { SILENT } from "../../shared/ports/measure.ts";
import type { Rows } from "../../shared/ports/rows.ts";
import { Registrations } from "../../shared/stores/registrations.ts";
import { storesOver } from "../../shared/stores/stores-over.ts";
import { CatalogueReader } from "../../shared/use-cases/catalogue.ts";
import { consume } from "../../shared/use-cases/consume.ts";
import { continueRun } from "../../shared/use-cases/continue-run.ts";
import type { Deps, Settings } from "../../shared/use-cases/deps.ts";
import { Lanes } from "../../shared/use-cases/lanes.ts";
import { publishDefinition } from "../../shared/use-cases/publish-definition.ts";
import { receiveEvent } from "../../shared/use-cases/receive-event.ts";
import { type Kind, saveDefinition } from "../../shared/use-cases/save-definition.ts";
import { type BrakeSettings, SurgeBrake } from "../../shared/use-cases/surge-brake.ts";
import { TokenBuckets } from "../../shared/use-cases/token-buckets.ts";
import { readEvent } from "../../shared/wire/bus-messages.ts";
import { Busy } from "./busy.ts";
import { InProcessRunner } from "./in-process-runner.ts";
import { MemoryDeadLetters } from "./memory-dead-letters.ts";
import { MemoryMissedChanges } from "./memory-missed-changes.ts";
import { MemoryRegistrar } from "./memory-registrar.ts";
import { MemoryBus, MemoryDataverse, MemoryMailer, MemoryMetadata } from "./outside-systems.ts";
import { TestClock } from "./test-clock.ts";
import { CALM, type Weather, weathered } from "./weather.ts";

/** A Sunday; nothing hangs on it. */
export const START = Date.parse("2026-03-01T09:00:00.000Z");
export const DAY_MS = 86_400_000;

/** More activities than any story here needs: a run that never rests. */
const MOST_CALLS = 1_000;

const SETTINGS: Settings = {
  organization: "5c0e1f1a-0000-4000-8000-0000000000a0",
  webhookKeys: ["webhook-key"],
  signingKeys: [{ id: "k1", secret: "a secret of the tests" }],
  addressKey: "the tests' own key of addresses",
  ingestionKeys: ["ingestion-key", "ingestion-key-before"],
  browserKeys: ["browser-key"],
  browserOrigins: ["https://shop.example"],
  ingestionPerMinute: 6_000,
  browserPerMinute: 600,
  dataverseUrl: "https://contoso.crm4.dynamics.com/api/data/v9.2",
  publicUrl: "https://parcours.example",
  sender: "hello@example.com",
  addressColumn: "emailaddress1",
  languageColumn: null,
  catalogueLifetime: 5_000,
  sendLease: 30_000,
  reconcile: true,
  reconcileGrace: 600_000,
  importUsers: [],
  ownUser: null,
  keptDays: 30,
  runsKeptDays: 365,
};

/** Everything but Azure: real stores and templates, outside systems in memory, an engine in this process. */
export interface World {
  readonly clock: TestClock;
  readonly bus: MemoryBus;
  readonly mailer: MemoryMailer;
  readonly dataverse: MemoryDataverse;
  readonly missed: MemoryMissedChanges;
  readonly deadLetters: MemoryDeadLetters;
  readonly runner: InProcessRunner;
  readonly busy: Busy;
  /** The store without weather: for arranging and for looking. */
  readonly rows: Rows;
  readonly calm: Deps;
  /** What actors work with: the same store in its weather. */
  readonly deps: Deps;
  /** Hands a message to the consumer of events, again and again until it is done with, as the bus does. */
  deliver(message: { readonly id: string; readonly body: unknown }): Promise<void>;
  bring(event: TriggerEvent): Promise<void>;
  publish(kind: Kind, document: Document): Promise<void>;
  /** Until nothing is under way. */
  quiet(): Promise<void>;
  /** Lets time pass, from one due timer to the next. */
  pass(ms: number): Promise<void>;
  close(): void;
}

export interface Document {
  readonly slug: string;
  readonly [more: string]: unknown;
}

export interface WorldOptions {
  readonly weather?: Weather;
  /** Pages of so few rows, and an empty one first. */
  readonly pageSize?: number;
  /** From when on a trigger's entries wait; as in production, if nothing is said. */
  readonly brake?: BrakeSettings;
  /** Waits while work is under way; a scheduler lets its tasks run meanwhile. */
  readonly waitFor?: (work: Promise<void>) => Promise<void>;
}

export function inProcess(options: WorldOptions = {}): World {
  const { weather = CALM, pageSize, brake = { factor: 10, floor: 1_000 }, waitFor = (work) => work } = options;
  const clock = new TestClock(START);
  const rows = sqliteRows({ file: ":memory:", now: clock.now, ...(pageSize === undefined ? {} : { pageSize }) });
  const bus = new MemoryBus((due, run) => clock.at(due, run));
  const mailer = new MemoryMailer(weather.step);
  const dataverse = new MemoryDataverse();
  const busy = new Busy();
  const metadata = new MemoryMetadata();
  const missed = new MemoryMissedChanges();
  const deadLetters = new MemoryDeadLetters();
  const outside = { clock, bus, mailer, dataverse, metadata, missed, deadLetters };
  const calm = composed(rows, outside, brake);
  // One catalogue, as each process has one; without weather, for it is read before anything is under way.
  const deps = { ...composed(weathered(rows, weather), outside, brake), catalogue: calm.catalogue };
  const runner = new InProcessRunner(clock, busy, weather.step, (call) => continueRun(call, deps));
  bus.subscribe((message) => {
    if (message.subject === "event") void busy.during(deliver(message));
  });

  async function deliver({ id, body }: Pick<BusMessage, "id" | "body">): Promise<void> {
    for (let deliveryCount = 1; ; deliveryCount += 1)
      try {
        const message = { source: "trigger-events", messageId: id, body, deliveryCount } as const;
        await consume(message, () => receiveEvent(readEvent(body), runner, deps), deps);
        return;
      } catch (fault) {
        if (deliveryCount === 20) throw fault;
      }
  }
  const quiet = () => waitFor(busy.idle());
  return {
    ...outside,
    ...{ runner, busy, rows, calm, deps, deliver, quiet },
    bring: (event) => busy.during(deliver({ id: event.id, body: event })),
    async publish(kind, document) {
      if (kind === "triggers") metadata.learnTrigger(document);
      if (kind === "journeys") metadata.learnJourney(document);
      const etag = (await calm[kind].draft(document.slug))?.etag;
      const saved = await saveDefinition(kind, document.slug, document, etag, calm);
      const published = saved.kind === "saved" ? await publishDefinition(kind, document.slug, calm) : saved;
      if (published.kind !== "published") throw new Error(`${document.slug}: ${JSON.stringify(published)}`);
      clock.moveTo(clock.now() + SETTINGS.catalogueLifetime);
      await calm.catalogue.current();
    },
    async pass(ms) {
      const to = clock.now() + ms;
      const most = runner.calls + MOST_CALLS;
      for (;;) {
        if (runner.calls > most) throw new Error("the runs turn in circles");
        await quiet();
        const due = clock.nextDue;
        if (due === undefined || due > to) break;
        clock.moveTo(due);
      }
      clock.moveTo(to);
      await quiet();
    },
    close: () => rows.close(),
  };
}

function composed(
  rows: Rows,
  outside: Pick<Deps, "clock" | "bus" | "mailer" | "dataverse" | "metadata" | "missed" | "deadLetters">,
  brake: BrakeSettings,
): Deps {
  const stores = storesOver(rows);
  const sources = { ...stores, clock: outside.clock };
  return {
    ...outside,
    // Rows as they are now must do: these stories' organisation audits nothing.
    history: { read: async () => ({ kind: "not-kept", why: "auditing-off" }) },
    settings: SETTINGS,
    measure: SILENT,
    registration: {
      on: false,
      mends: false,
      endpoint: { url: "https://parcours.example/api/dataverse/webhook", keyMark: "00000000" },
      registrar: new MemoryRegistrar(),
      store: new Registrations(rows),
      byExample: {
        endpoint: { url: "https://parcours.example/api/dataverse/webhook/example", keyMark: "00000000" },
        registrar: new MemoryRegistrar(),
      },
    },
    templates: liquidTemplates(),
    ...stores,
    catalogue: new CatalogueReader(sources, SETTINGS.catalogueLifetime),
    limits: new TokenBuckets(outside.clock),
    lanes: new Lanes(outside.clock, 0),
    brake: new SurgeBrake(stores.brakes, outside.clock, brake),
  };
}
