import type { Busy, Clock } from "../clock/virtual-clock.ts";
import { AmqpServer } from "./amqp/server.ts";
import { type EntitiesInput, parseEntities } from "./config.ts";
import { plainContent } from "./message/content.ts";
import { Broker, type Entity } from "./model/broker.ts";
import { FileJournal, type Journal, MemoryJournal, type Op } from "./model/journal.ts";
import { restore, snapshot } from "./model/restore.ts";

export interface ServiceBusOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Where messages are kept over a restart; without it they go with the process. */
  readonly file?: string | undefined;
  /** As in Config.json of Microsoft's own emulator. */
  readonly entities: EntitiesInput;
  readonly clock: Clock;
  readonly busy: Busy;
  /** The largest message or batch that is taken; by default that of Azure's standard tier. */
  readonly maxMessageBytes?: number;
  readonly log?: (what: string) => void;
}

/** A message from inside the process, for instance of Event Grid. */
export interface OutgoingMessage {
  /** Anything that JSON can say. */
  readonly body: unknown;
  readonly messageId?: string;
  readonly contentType?: string;
  readonly applicationProperties?: Record<string, unknown>;
}

/** How many messages there are; `active` are those that wait to be handed out. */
export interface EntityCounts {
  readonly active: number;
  readonly scheduled: number;
  readonly deadLettered: number;
  readonly locked: number;
}

export interface ServiceBus {
  readonly port: number;
  readonly connectionString: string;
  /** Sends a message to a queue or topic and answers once it is durable. Throws if there is no such entity. */
  send(entity: string, message: OutgoingMessage): Promise<void>;
  /** Counts the messages of a queue or of `topic/Subscriptions/name`; of a topic only those scheduled. */
  counts(entity: string): EntityCounts;
  /** `down`: connections are cut and refused until it is undefined again. What is sent in-process still arrives. */
  setFault(fault: "down" | undefined): void;
  close(): Promise<void>;
}

const STANDARD_TIER_BYTES = 256 * 1024;

/** Starts a Service Bus that the unmodified SDK talks to. */
export async function startServiceBus(options: ServiceBusOptions): Promise<ServiceBus> {
  const { clock, busy, file, log = () => undefined, maxMessageBytes = STANDARD_TIER_BYTES } = options;
  const config = parseEntities(options.entities);
  const { journal, ops } = open(file);
  const broker = new Broker(config, clock, busy, journal);
  restore(broker, ops);
  if (journal instanceof FileJournal) journal.compactWith(() => snapshot(broker));
  const server = new AmqpServer({ broker, journal, maxMessageBytes, log, busy });
  const port = await server.listen(options.port);

  const find = (address: string): Entity => {
    const entity = broker.find(address);
    if (entity === undefined) throw new Error(`there is no queue or topic ${address}`);
    return entity;
  };
  return {
    port,
    connectionString: `Endpoint=sb://localhost:${port};SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true;`,
    async send(address, message) {
      const { intake } = find(address);
      if (intake === undefined) throw new Error(`nothing can be sent to ${address}`);
      intake.accept(plainContent(message));
      await new Promise<void>((durable) => journal.whenDurable(durable));
    },
    counts: (address) => countsOf(find(address)),
    setFault: (fault) => server.setDown(fault === "down"),
    async close() {
      await server.close();
      broker.close();
      journal.close();
    },
  };
}

function open(file: string | undefined): { journal: Journal; ops: readonly Op[] } {
  return file === undefined ? { journal: new MemoryJournal(), ops: [] } : FileJournal.open(file);
}

function countsOf(entity: Entity): EntityCounts {
  const scheduled = entity.intake?.schedule.size ?? 0;
  if (entity.kind === "topic") return { active: 0, scheduled, deadLettered: 0, locked: 0 };
  const { queue, deadLetters } = entity;
  const dead = deadLetters === undefined ? 0 : deadLetters.ready + deadLetters.locks.size;
  return { active: queue.ready, scheduled, deadLettered: dead, locked: queue.locks.size };
}
