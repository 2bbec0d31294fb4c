import type { RuleConfig } from "../config.ts";
import { compileRule } from "../filters/rule.ts";
import { Content } from "../message/content.ts";
import type { Broker } from "./broker.ts";
import type { Op } from "./journal.ts";

type Put = Extract<Op, { op: "put" }>;

/** Brings a fresh broker to the state that a journal's ops lead to. Entities that are no longer there are let go. */
export function restore(broker: Broker, ops: readonly Op[]): void {
  const puts = new Map<string, Map<number, Put>>();
  const messagesOf = (queue: string) => {
    const found = puts.get(queue) ?? new Map<number, Put>();
    puts.set(queue, found);
    return found;
  };
  for (const op of ops) {
    switch (op.op) {
      case "put":
        messagesOf(op.queue).set(op.seq, op);
        noteNumber(broker, op.queue, op.seq, op.enqueuedSeq);
        break;
      case "delete":
        messagesOf(op.queue).delete(op.seq);
        break;
      case "count":
      case "defer": {
        const put = messagesOf(op.queue).get(op.seq);
        const change = op.op === "count" ? { deliveryCount: op.deliveryCount } : { state: "deferred" as const };
        if (put !== undefined) messagesOf(op.queue).set(op.seq, { ...put, ...change });
        break;
      }
      default:
        restoreOther(broker, op);
    }
  }
  // In the order of their numbers, which is that in which they came.
  for (const [queue, messages] of puts) for (const put of messages.values()) restoreMessage(broker, queue, put);
}

/** Everything that must be written to keep a broker's state. */
export function* snapshot(broker: Broker): Generator<Op> {
  for (const entity of broker.all()) {
    if (entity.intake !== undefined) yield* entity.intake.snapshot();
    if (entity.kind !== "topic") yield* entity.queue.snapshot();
    if (entity.kind === "subscription" && entity.rulesChanged)
      yield { op: "rules", subscription: entity.queue.name, rules: entity.rules.map(({ config }) => config) };
  }
}

function restoreMessage(broker: Broker, name: string, put: Put): void {
  const entity = broker.find(name);
  // Its bytes are copied: they are a piece of the whole journal, which need not stay in memory.
  const op = { ...put, raw: Buffer.from(put.raw) };
  if (op.state === "scheduled") entity?.intake?.restore(op);
  else if (entity !== undefined && entity.kind !== "topic") entity.queue.restore(op, new Content(op.raw));
}

function restoreOther(broker: Broker, op: Exclude<Op, { op: "put" | "delete" | "count" | "defer" }>): void {
  const entity = broker.find(op.op === "seen" ? op.entity : op.op === "rules" ? op.subscription : op.queue);
  if (entity === undefined) return;
  if (op.op === "seen") entity.intake?.restoreSeen(op.id, op.at);
  else if (entity.kind === "topic") return;
  else if (op.op === "next") entity.queue.used(op.seq - 1);
  else if (op.op === "session") {
    const session = entity.queue.sessions?.of(op.session);
    if (session !== undefined) session.state = op.raw && Buffer.from(op.raw);
  } else {
    entity.rules = op.rules.map((rule) => compileRule(rule as RuleConfig));
    entity.rulesChanged = true;
  }
}

/** A number that was given once is never given again, even if its message is long gone. */
function noteNumber(broker: Broker, name: string, seq: number, enqueuedSeq: number): void {
  const entity = broker.find(name);
  if (entity?.kind === "topic") entity.intake.used(seq);
  else entity?.queue.used(seq);
  const topic = entity?.kind === "subscription" ? broker.find(entity.topic) : undefined;
  topic?.intake?.used(enqueuedSeq);
}
