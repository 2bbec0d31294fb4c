import { batchContents, type Content, receivedContent } from "../message/content.ts";
import type { Entity } from "../model/broker.ts";
import type { Intake } from "../model/intake.ts";
import type { Journal } from "../model/journal.ts";
import { AmqpFault, PROBLEM } from "./conditions.ts";
import { BATCH_FORMAT, type Delivery, type Receiver } from "./rhea.ts";

interface Arrival {
  readonly message: unknown;
  readonly delivery: Delivery;
}

/** Takes in what a client sends over a link; each delivery is acknowledged once all its messages are durable. */
export function serveIncoming(
  link: Receiver,
  entity: Entity,
  intake: Intake,
  journal: Journal,
  maxBytes: number,
): void {
  link.on("message", ({ message, delivery }: Arrival) => {
    try {
      const raw = message as Buffer;
      checkSize(raw.length, maxBytes);
      const contents = delivery.format === BATCH_FORMAT ? batchContents(raw) : [receivedContent(Buffer.from(raw))];
      for (const content of contents) checkSession(entity, content);
      for (const content of contents) intake.accept(content);
      journal.whenDurable(() => link.is_open() && delivery.accept());
    } catch (error) {
      const { condition, description } =
        error instanceof AmqpFault ? error.problem : PROBLEM.malformed(error instanceof Error ? error.message : "");
      delivery.reject({ condition, description });
    }
  });
}

/** Throws an AmqpFault if something is larger than the link takes. */
export function checkSize(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) throw new AmqpFault(PROBLEM.tooLarge(bytes, maxBytes));
}

/** Throws an AmqpFault if the entity has sessions and the message names none. */
export function checkSession(entity: Entity, content: Content): void {
  if (entity.kind === "topic" || !entity.queue.settings.requiresSession || content.sessionId !== undefined) return;
  throw new AmqpFault(
    PROBLEM.notAllowed(
      "The SessionId was not set on a message, and it cannot be sent to the entity. Entities that have session support enabled can only receive messages that have the SessionId set to a valid value.",
    ),
  );
}
