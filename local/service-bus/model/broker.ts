import type { Busy, Clock } from "../../clock/virtual-clock.ts";
import type { NamespaceConfig, QueueConfig, RuleConfig, SubscriptionConfig, TopicConfig } from "../config.ts";
import { compileRule, copiesFor, DEFAULT_RULE, type Rule } from "../filters/rule.ts";
import type { Content } from "../message/content.ts";
import { Dispatcher } from "./dispatcher.ts";
import { Intake } from "./intake.ts";
import type { Journal } from "./journal.ts";
import type { StoredMessage } from "./message.ts";
import { Queue, type QueueSurroundings } from "./queue.ts";
import type { DeadLetterReason, Origin, QueueSettings } from "./queue-settings.ts";

/** Something one can receive from. */
export interface Source {
  readonly kind: "queue" | "subscription" | "dead-letters";
  readonly queue: Queue;
  readonly dispatcher: Dispatcher;
  readonly deadLetters: Queue | undefined;
  readonly intake: Intake | undefined;
  readonly forwardTo: string | undefined;
  readonly forwardDeadLettersTo: string | undefined;
  /** Of a subscription: its topic, and which of the topic's messages it takes. */
  readonly topic: string;
  rules: readonly Rule[];
  /** Whether a client changed the rules, so that they differ from the configuration. */
  rulesChanged: boolean;
}

export interface Topic {
  readonly kind: "topic";
  readonly name: string;
  readonly intake: Intake;
  readonly ttlMs: number | undefined;
  readonly subscriptions: readonly Source[];
}

export type Entity = Source | Topic;

/** Auto-forwarding ends here, as in Azure: longer chains are most likely circles. */
const MAX_HOPS = 4;
const DEAD_LETTERS = "/$DeadLetterQueue";
/** Where Azure puts what could not be sent on in a transaction: here it is always empty. */
const TRANSFER_DEAD_LETTERS = "/$Transfer/$DeadLetterQueue";

/** All entities of a bus and the ways between them. Knows nothing of AMQP. */
export class Broker {
  readonly #entities = new Map<string, Entity>();
  readonly #dispatchers = new Map<Queue, Dispatcher>();
  readonly #journal: Journal;
  readonly #around: QueueSurroundings;

  constructor(config: NamespaceConfig, clock: Clock, busy: Busy, journal: Journal) {
    this.#journal = journal;
    this.#around = {
      clock,
      busy,
      journal,
      bury: (from, message, why) => this.#bury(from, message, why),
      readied: (queue) => this.#dispatchers.get(queue)?.pump(),
    };
    for (const queue of config.Queues) this.#addQueue(queue);
    for (const topic of config.Topics) this.#addTopic(topic);
  }

  /** The entity at an address, without regard to case; undefined if there is none. */
  find(address: string): Entity | undefined {
    return this.#entities.get(keyOf(address));
  }

  all(): Iterable<Entity> {
    return this.#entities.values();
  }

  /** Changes what a subscription takes from now on. */
  setRules(subscription: Source, rules: readonly Rule[]): void {
    subscription.rules = rules;
    subscription.rulesChanged = true;
    const configs = rules.map(({ config }) => config);
    this.#journal.append({ op: "rules", subscription: subscription.queue.name, rules: configs });
  }

  close(): void {
    for (const entity of this.#entities.values()) {
      entity.intake?.close();
      if (entity.kind === "topic") continue;
      entity.dispatcher.close();
      entity.queue.close();
    }
  }

  #addQueue({ Name: name, Properties: properties }: QueueConfig): void {
    const intake = new Intake(name, this.#around, {
      ...windowOf(properties),
      nextSeq: () => source.queue.nextSeq(),
      deliver: (content, enqueuedSeq) => this.#arrive(source, content, { ...(enqueuedSeq && { enqueuedSeq }) }),
    });
    const source: Source = this.#addSource("queue", name, properties, { intake });
  }

  #addTopic({ Name: name, Properties: properties, Subscriptions: configs }: TopicConfig): void {
    const subscriptions = configs.map(({ Name, Properties, Rules }) => {
      const rules = (Rules.length > 0 ? Rules : [DEFAULT_RULE]).map((rule) =>
        compiled(rule, `${name}/Subscriptions/${Name}`),
      );
      return this.#addSource("subscription", `${name}/Subscriptions/${Name}`, Properties, { rules, topic: name });
    });
    let seq = 1;
    const intake = new Intake(name, this.#around, {
      ...windowOf(properties),
      nextSeq: () => seq++,
      used: (taken) => {
        seq = Math.max(seq, taken + 1);
      },
      deliver: (content, enqueuedSeq = seq++) => this.#publish(topic, content, { enqueuedSeq }),
    });
    const topic: Topic = { kind: "topic", name, intake, ttlMs: properties.DefaultMessageTimeToLive, subscriptions };
    this.#entities.set(keyOf(name), topic);
  }

  /** Adds a queue or subscription and its dead letters. */
  #addSource(
    kind: "queue" | "subscription",
    name: string,
    properties: SubscriptionConfig["Properties"],
    parts: Partial<Source>,
  ): Source {
    const settings: QueueSettings = {
      name,
      lockMs: properties.LockDuration,
      maxDeliveries: properties.MaxDeliveryCount,
      ttlMs: properties.DefaultMessageTimeToLive,
      deadLetterExpired: properties.DeadLetteringOnMessageExpiration,
      requiresSession: properties.RequiresSession,
      keepsForever: false,
    };
    const kept = { ...settings, maxDeliveries: Number.POSITIVE_INFINITY, keepsForever: true, requiresSession: false };
    const dead = this.#register("dead-letters", { ...kept, name: name + DEAD_LETTERS });
    this.#register("dead-letters", { ...kept, name: name + TRANSFER_DEAD_LETTERS });
    return this.#register(kind, settings, {
      ...parts,
      deadLetters: dead.queue,
      forwardTo: properties.ForwardTo,
      forwardDeadLettersTo: properties.ForwardDeadLetteredMessagesTo,
    });
  }

  #register(kind: Source["kind"], settings: QueueSettings, parts: Partial<Source> = {}): Source {
    const queue = new Queue(settings, this.#around);
    const dispatcher = new Dispatcher(queue, this.#journal, this.#around.busy);
    this.#dispatchers.set(queue, dispatcher);
    const source: Source = {
      kind,
      queue,
      dispatcher,
      deadLetters: undefined,
      intake: undefined,
      forwardTo: undefined,
      forwardDeadLettersTo: undefined,
      topic: "",
      rules: [],
      rulesChanged: false,
      ...parts,
    };
    this.#entities.set(keyOf(settings.name), source);
    return source;
  }

  #source(address: string): Source | undefined {
    const entity = this.find(address);
    return entity?.kind === "topic" ? undefined : entity;
  }

  /** A message comes to a queue or subscription: it stays, or goes on if the entity forwards. */
  #arrive(source: Source, content: Content, origin: Origin, hops = 0): void {
    const { queue, forwardTo, deadLetters } = source;
    const next = forwardTo === undefined ? undefined : this.find(forwardTo);
    if (next !== undefined && hops < MAX_HOPS) this.#forward(next, content, origin, hops + 1);
    else if (forwardTo !== undefined) {
      const reason = next === undefined ? "MessagingEntityNotFound" : "MaxTransferHopCountExceeded";
      deadLetters?.put(marked(content, { reason }), origin);
    } else if (queue.settings.requiresSession && content.sessionId === undefined)
      deadLetters?.put(marked(content, { reason: "Session id is null." }), origin);
    else queue.put(content, origin);
  }

  #forward(to: Entity, content: Content, origin: Origin, hops: number): void {
    if (to.intake?.admits(content) === false) return;
    if (to.kind === "topic") this.#publish(to, content, origin, hops);
    else this.#arrive(to, content, origin, hops);
  }

  #publish(topic: Topic, content: Content, origin: Origin, hops = 0): void {
    for (const subscription of topic.subscriptions)
      for (const copy of copiesFor(subscription.rules, content))
        this.#arrive(subscription, copy, { ...origin, ttlMs: topic.ttlMs }, hops);
  }

  #bury(from: Queue, message: StoredMessage, why: DeadLetterReason): void {
    const source = this.#source(from.name);
    const content = marked(message.content, why);
    const { enqueuedSeq, enqueuedAt, deliveryCount } = message;
    const target = source?.forwardDeadLettersTo === undefined ? undefined : this.find(source.forwardDeadLettersTo);
    if (target !== undefined) this.#forward(target, content, { enqueuedSeq, source: from.name }, 1);
    else (source?.deadLetters ?? from).put(content, { enqueuedSeq, enqueuedAt, deliveryCount });
  }
}

/** The window of duplicate detection, if the entity detects duplicates. */
function windowOf(properties: TopicConfig["Properties"]): { windowMs?: number } {
  const { RequiresDuplicateDetection: detects, DuplicateDetectionHistoryTimeWindow: windowMs } = properties;
  return detects ? { windowMs } : {};
}

/** The key of an address: clients write it with or without host and slash, in any case. */
function keyOf(address: string): string {
  return address
    .replace(/^(amqps?|sb):\/\/[^/]*/i, "")
    .replace(/^\/+|\/+$/g, "")
    .toLowerCase();
}

/** A rule of the configuration; an error says which cannot be understood. */
function compiled(rule: RuleConfig, subscription: string): Rule {
  try {
    return compileRule(rule);
  } catch (error) {
    throw new Error(`The rule ${rule.Name} of ${subscription}: ${error instanceof Error ? error.message : error}`);
  }
}

function marked(content: Content, { reason, description }: DeadLetterReason): Content {
  return content.changed({
    ...(reason !== undefined && { DeadLetterReason: reason }),
    ...(description !== undefined && { DeadLetterErrorDescription: description }),
  });
}
