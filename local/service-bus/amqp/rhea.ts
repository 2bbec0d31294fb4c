import type { Socket } from "node:net";
import type {
  Connection,
  ConnectionOptions,
  Container,
  Delivery,
  link,
  Message,
  Receiver,
  Sender,
  Session,
  Typed,
} from "rhea";
import rhea from "rhea";
import frames from "rhea/lib/frames.js";

/**
 * What the broker needs of rhea beyond its typings. A server has to see raw bytes (decoding and encoding again loses
 * AMQP types), and to answer dispositions itself (rhea forgets deliveries, and its ring of them fills up). All that
 * reaches into rhea stands here.
 */

export const { types, message } = rhea;

/** A described outcome as it came over the wire, unwrapped. */
export interface Outcome {
  readonly error?: { readonly condition?: string; readonly description?: string; readonly info?: object };
  readonly delivery_failed?: boolean;
  readonly undeliverable_here?: boolean;
  readonly message_annotations?: object;
}

/** What a receiver says of the deliveries from `first` to `last`. */
export interface Disposition {
  readonly first: number;
  readonly last: number | null | undefined;
  readonly settled: boolean | null | undefined;
  readonly state: Typed | null | undefined;
}

interface OutgoingDelivery {
  readonly id: number;
  settled: boolean;
  remote_settled: boolean;
}

interface SessionInside {
  readonly outgoing: {
    next_delivery_id: number;
    next_pending_delivery: number;
    available(): number;
    deliveries: { by_id(id: number): OutgoingDelivery | undefined };
    on_disposition(fields: Disposition): void;
  };
  output(frame: unknown): void;
}
interface Transfer {
  readonly channel: number;
  readonly performative: { readonly handle: number; message_format: number | null | undefined };
}
interface ConnectionInside {
  readonly remote_channel_map: Record<number, { readonly remote: { readonly handles: Record<number, link> } }>;
  accept(socket: object): void;
  on_transfer(frame: Transfer): void;
  on_disposition(frame: object): void;
  _process(): void;
  _disconnected(): void;
  _register(): void;
}
interface LinkInside {
  credit: number;
  state: { local_open: boolean; open_requests: number };
  local: { attach: { source?: unknown; target?: unknown } & Record<string, unknown> };
  remote: { attach: Record<string, unknown> };
}
interface OutcomeReader {
  unwrap_outcome(state: Typed): Outcome;
}

const sessionInside = (session: Session) => session as unknown as SessionInside;
const connectionInside = (connection: Connection) => connection as unknown as ConnectionInside;
const linkInside = (of: link) => of as unknown as LinkInside;

/** Stands for "the standard format": rhea decodes a message of format 0 and hands over all others as they are. */
const RAW = 0x7fff_ffff;
/** Azure's batch: each data section is one whole encoded message. */
export const BATCH_FORMAT = 0x8001_3700;

const SERVER_OPTIONS: ConnectionOptions = {
  port: 0,
  max_frame_size: 65_536,
  session_buffer_size: { incoming: 4096, outgoing: 16_384 },
  // Both ends settle explicitly: see the two phases of settlement in `settlements.ts`.
  receiver_options: { credit_window: 1000, autoaccept: false, autosettle: false },
  sender_options: { autosettle: false, treat_modified_as_released: false } as object,
};

/** Takes a socket of ours as an AMQP connection whose messages arrive as raw bytes. */
export function acceptRaw(container: Container, socket: Socket): Connection {
  const connection = container.create_connection(SERVER_OPTIONS);
  const inside = connectionInside(connection);
  const onTransfer = inside.on_transfer;
  inside.on_transfer = function (frame) {
    if (frame.performative.message_format === 0) frame.performative.message_format = RAW;
    onTransfer.call(this, frame);
  };
  // All frames of one round go out in one write: rhea writes each by itself.
  const process = inside._process;
  inside._process = function () {
    socket.cork();
    process.call(this);
    socket.uncork();
  };
  inside.accept(socket);
  // rhea hears nothing of a socket that is destroyed on our side, and would go on with its heartbeats for ever.
  socket.on("close", () => inside._disconnected());
  return connection;
}

/** From now on loses all messages of the client but those to `address`, and all that it says of ours. */
export function deafen(connection: Connection, address: string): void {
  const inside = connectionInside(connection);
  const onTransfer = inside.on_transfer;
  inside.on_transfer = function (frame) {
    const over = inside.remote_channel_map[frame.channel]?.remote.handles[frame.performative.handle];
    if (over?.target?.address === address) onTransfer.call(this, frame);
  };
  inside.on_disposition = () => undefined;
}

/** Puts `handle` in the place of rhea's own bookkeeping of what receivers say about deliveries of this session. */
export function onDisposition(session: Session, handle: (disposition: Disposition) => void): void {
  sessionInside(session).outgoing.on_disposition = handle;
}

/** Tells the receiver the final outcome of the deliveries from `first` to `last`, and lets go of them. */
export function settle(session: Session, first: number, last: number, state: unknown): void {
  sessionInside(session).output(frames.disposition({ role: false, first, last, settled: true, state }));
  for (let id = first; id <= last; id++) forget(session, id);
}

/** Frees the slot of a delivery that was written, so that rhea's ring does not fill with what is never settled. */
export function forget(session: Session, id: number): void {
  const { outgoing } = sessionInside(session);
  const delivery = outgoing.deliveries.by_id(id);
  if (delivery === undefined || id >= outgoing.next_pending_delivery) return;
  delivery.settled = true;
  delivery.remote_settled = true;
  connectionInside(session.connection)._register();
}

/**
 * How many messages may be sent now: the link's credit less what rhea holds back already. None before our attach went
 * out: rhea would write messages first, to a client that does not know the link yet.
 */
export function sendable(sender: Sender): number {
  const { outgoing } = sessionInside(sender.session);
  const { credit, state } = linkInside(sender);
  if (!sender.is_open() || state.open_requests > 0) return 0;
  return Math.min(credit - (outgoing.next_delivery_id - outgoing.next_pending_delivery), outgoing.available());
}

interface Codec {
  readonly Reader: new (bytes: Buffer) => { read(): Typed };
  readonly Writer: new () => { write(value: Typed): void; toBuffer(): Buffer };
}
const codec = types as unknown as Codec;

/** Decodes the AMQP values that stand one after the other from the start of `bytes`. */
export function readValues(bytes: Buffer, count: number): Typed[] {
  const reader = new codec.Reader(bytes);
  return Array.from({ length: count }, () => reader.read());
}

export function writeValue(value: Typed): Buffer {
  const writer = new codec.Writer();
  writer.write(value);
  return writer.toBuffer();
}

/** Unwraps an outcome; its kind is its descriptor's code. */
export function readOutcome(state: Typed): Outcome & { readonly code: number } {
  const outcome = (message as unknown as OutcomeReader).unwrap_outcome(state);
  const { error, delivery_failed, undeliverable_here, message_annotations } = outcome;
  const code = Number((state.descriptor as { value: number }).value);
  return { code, ...present({ error, delivery_failed, undeliverable_here, message_annotations }) };
}

/** Holds back the answer to an attach until `openLink`. */
export function holdLink(held: link): void {
  const { state } = linkInside(held);
  state.local_open = false;
  state.open_requests = 0;
}

/** What the peer asked for in its attach. */
export function remoteAttach(of: link): Record<string, unknown> {
  return linkInside(of).remote.attach;
}

/** Sets fields of our own attach; before it goes out. */
export function setAttach(of: link, fields: Record<string, unknown>): void {
  Object.assign(linkInside(of).local.attach, fields);
}

/** The outcome that means "done as asked". */
export const accepted = () => outcomeOf("accepted", {});
export const rejected = (condition: string, description: string) =>
  outcomeOf("rejected", { error: { condition, description } });

function outcomeOf(kind: "accepted" | "rejected", fields: object): unknown {
  const make = (message as unknown as Record<string, (fields: object) => { described(): unknown }>)[kind];
  return make?.(fields).described();
}

function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], null | undefined> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], null | undefined> };
}

export type { Connection, Container, Delivery, link as Link, Message, Receiver, Sender, Session, Typed };
export { rhea };
