import { receivedContent } from "../message/content.ts";
import type { Broker, Entity, Source } from "../model/broker.ts";
import type { Journal } from "../model/journal.ts";
import { encodeStored, type StoredMessage } from "../model/message.ts";
import type { SessionHold } from "../model/sessions.ts";
import { AmqpFault, PROBLEM } from "./conditions.ts";
import { checkSession, checkSize } from "./incoming-link.ts";
import type { Reply, Request } from "./requests.ts";
import { types } from "./rhea.ts";
import { addRule, listRules, removeRule } from "./rule-requests.ts";

const LONG = 0x81;
const TIMESTAMP = 0x83;
const OK = 200;
const NO_CONTENT = 204;

export interface ManagementContext {
  readonly broker: Broker;
  readonly journal: Journal;
  readonly maxMessageBytes: number;
}

type Operation = (entity: Entity, body: Record<string, unknown>, context: ManagementContext) => Reply;

/** What clients ask of an entity on its `$management` node, by the names that Azure gave the operations. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  "com.microsoft:renew-lock"(entity, body) {
    const { queue } = sourceOf(entity);
    const expirations = uuids(body["lock-tokens"]).map((token) => {
      const message = queue.locks.find(token);
      if (message?.lock === undefined) throw new AmqpFault(PROBLEM.messageLockLost);
      return queue.locks.renew(message, message.lock);
    });
    return { status: OK, body: { expirations: types.wrap_array(expirations, TIMESTAMP, undefined) } };
  },

  "com.microsoft:schedule-message"(entity, body, { maxMessageBytes }) {
    const { intake } = entity;
    if (intake === undefined) throw new AmqpFault(PROBLEM.notAllowed("Messages are sent to a queue or topic."));
    const encoded = list(body.messages).map((entry) => Buffer.from((entry as { message: Buffer }).message));
    checkSize(
      encoded.reduce((sum, { length }) => sum + length, 0),
      maxMessageBytes,
    );
    const contents = encoded.map(receivedContent);
    for (const content of contents) checkSession(entity, content);
    const numbers = contents.map((content) => intake.acceptScheduled(content));
    return { status: OK, body: { "sequence-numbers": types.wrap_array(numbers, LONG, undefined) } };
  },

  "com.microsoft:cancel-scheduled-message"(entity, body) {
    for (const seq of longs(body["sequence-numbers"]))
      if (entity.intake?.schedule.cancel(seq) !== true) throw new AmqpFault(PROBLEM.messageNotFound);
    return { status: OK };
  },

  "com.microsoft:peek-message"(entity, body) {
    const { queue, intake } = sourceOf(entity);
    const from = asLong(body["from-sequence-number"]);
    const max = Number(body["message-count"]);
    const session = body["session-id"] as string | undefined;
    const scheduled = intake?.schedule.messages().filter(({ seq }) => seq >= from) ?? [];
    const found = [...queue.peek(from, max, session ?? undefined), ...scheduled].sort((a, b) => a.seq - b.seq);
    if (found.length === 0) return { status: NO_CONTENT };
    return {
      status: OK,
      body: { messages: found.slice(0, max).map((message) => ({ message: encodeStored(message) })) },
    };
  },

  "com.microsoft:receive-by-sequence-number"(entity, body) {
    const { queue } = sourceOf(entity);
    const hold = holdOf(sourceOf(entity), body["session-id"]);
    const deleting = Number(body["receiver-settle-mode"]) === 0;
    const taken = longs(body["sequence-numbers"]).map((seq) => queue.takeDeferred(seq, hold));
    const found = taken.filter((message) => message !== undefined);
    if (found.length < taken.length) {
      // All or none: the client would not learn of the locks on the others.
      for (const message of found) queue.release(message);
      throw new AmqpFault(PROBLEM.cannotLock);
    }
    const messages = found.map((message) => {
      const encoded = { message: encodeStored(message), "lock-token": types.wrap_uuid(tokenOf(message)) };
      if (deleting) queue.complete(message);
      return encoded;
    });
    return { status: OK, body: { messages } };
  },

  "com.microsoft:update-disposition"(entity, body) {
    const { queue } = sourceOf(entity);
    const messages = uuids(body["lock-tokens"]).map((token) => queue.locks.find(token));
    if (messages.some((message) => message === undefined)) throw new AmqpFault(PROBLEM.messageLockLost);
    const changes = body["properties-to-modify"] as Record<string, unknown> | undefined;
    const why = {
      reason: body["deadletter-reason"] as string | undefined,
      description: body["deadletter-description"] as string | undefined,
    };
    for (const message of messages) {
      if (message === undefined) continue;
      const status = body["disposition-status"];
      if (status === "completed") queue.complete(message);
      else if (status === "abandoned") queue.abandon(message, changes);
      else if (status === "defered") queue.defer(message, changes);
      else if (status === "suspended") queue.deadLetter(message, why, changes);
      else throw new AmqpFault(PROBLEM.argument(`no disposition is called ${status}`));
    }
    return { status: OK };
  },

  "com.microsoft:renew-session-lock"(entity, body) {
    const source = sourceOf(entity);
    const hold = holdOf(source, body["session-id"]);
    const until = hold && source.queue.sessions?.renew(hold);
    return { status: OK, body: { expiration: types.wrap_timestamp(until) } };
  },

  "com.microsoft:get-session-state"(entity, body) {
    const state = holdOf(sourceOf(entity), body["session-id"])?.session.state;
    return { status: OK, body: { "session-state": state ?? null } };
  },

  "com.microsoft:set-session-state"(entity, body, { journal, maxMessageBytes }) {
    const source = sourceOf(entity);
    const hold = holdOf(source, body["session-id"]);
    if (hold === undefined) throw new AmqpFault(PROBLEM.sessionLockLost);
    const state = body["session-state"] as Buffer | null | undefined;
    checkSize(state?.length ?? 0, maxMessageBytes);
    hold.session.state = state == null ? undefined : Buffer.from(state);
    const { id, state: raw } = hold.session;
    journal.append({ op: "session", queue: source.queue.name, session: id, raw });
    return { status: OK };
  },

  "com.microsoft:get-message-sessions"(entity, body) {
    const sessions = [...(sourceOf(entity).queue.sessions?.all() ?? [])];
    const ids = sessions
      .filter(({ line, state }) => line.peek() !== undefined || state !== undefined)
      .map(({ id }) => id);
    const page = ids.slice(Number(body.skip), Number(body.skip) + Number(body.top));
    if (page.length === 0) return { status: NO_CONTENT };
    return { status: OK, body: { skip: types.wrap_int(page.length), "sessions-ids": page } };
  },

  "com.microsoft:enumerate-rules": (entity, body) => listRules(sourceOf(entity), body),
  "com.microsoft:add-rule": (entity, body, { broker }) => addRule(broker, sourceOf(entity), body),
  "com.microsoft:remove-rule": (entity, body, { broker }) => removeRule(broker, sourceOf(entity), body),
};

/** Does what a request asks; throws an AmqpFault if it cannot be done. */
export function manage(entity: Entity, { operation, body }: Request, context: ManagementContext): Reply {
  const perform = OPERATIONS[operation];
  if (perform === undefined) throw new AmqpFault(PROBLEM.notImplemented(`The operation ${operation}`));
  return perform(entity, body, context);
}

function sourceOf(entity: Entity): Source {
  if (entity.kind === "topic")
    throw new AmqpFault(PROBLEM.notAllowed("A topic is received from by its subscriptions."));
  return entity;
}

/** The hold on a session; undefined where the entity has no sessions. */
function holdOf(source: Source, id: unknown): SessionHold | undefined {
  if (source.queue.sessions === undefined) return undefined;
  const hold = source.queue.sessions.of(String(id)).hold;
  if (hold === undefined) throw new AmqpFault(PROBLEM.sessionLockLost);
  return hold;
}

const tokenOf = ({ lock }: StoredMessage) => lock?.token;
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const uuids = (value: unknown) => list(value) as readonly Buffer[];
const longs = (value: unknown) => list(value).map(asLong);
const asLong = (value: unknown) => (Buffer.isBuffer(value) ? Number(value.readBigInt64BE()) : Number(value));
