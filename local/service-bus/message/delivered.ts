import type { Content } from "./content.ts";
import { SECTION } from "./sections.ts";

/** What the broker adds to a message when it hands it out. Instants are milliseconds since 1970. */
export interface Stamp {
  readonly sequence: number;
  /** The sequence number it had when it was first accepted: by the topic, or while it was scheduled. */
  readonly enqueuedSequence: number;
  readonly enqueuedAt: number;
  /** Real time, unlike all else here: the SDK renews locks by the system's clock. */
  readonly lockedUntil?: number | undefined;
  readonly deliveryCount: number;
  readonly state: "active" | "deferred" | "scheduled";
  readonly deadLetterSource?: string | undefined;
  /** Milliseconds to live in this entity; undefined for no end. */
  readonly ttl?: number | undefined;
}

const STATE_CODE = { active: 0, deferred: 1, scheduled: 2 } as const;
const MAX_UINT32 = 0xffff_ffff;

const symbol = (text: string) => Buffer.concat([Buffer.from([0xa3, text.length]), Buffer.from(text, "latin1")]);
const KEY = {
  sequence: symbol("x-opt-sequence-number"),
  enqueuedSequence: symbol("x-opt-enqueue-sequence-number"),
  enqueuedAt: symbol("x-opt-enqueued-time"),
  lockedUntil: symbol("x-opt-locked-until"),
  state: symbol("x-opt-message-state"),
  deadLetterSource: symbol("x-opt-deadletter-source"),
};
const LONG = 0x81;
const TIMESTAMP = 0x83;
const NULL = 0x40;

/** The bytes that go to a receiver: a new header, the sender's annotations and ours, and the rest untouched. */
export function delivered(content: Content, stamp: Stamp): Buffer {
  const source = stamp.deadLetterSource === undefined ? undefined : Buffer.from(stamp.deadLetterSource);
  const size = content.annotations.reduce((sum, entry) => sum + entry.length, 300) + (source?.length ?? 0);
  const out = new Output(size + content.bare.length);
  header(out, content, stamp);

  // a map32 whose size and count are filled in at the end
  out.bytes(0x00, 0x53, SECTION.annotations, 0xd1).uint(0).uint(0);
  const start = out.at;
  let entries = content.annotations.length;
  for (const entry of content.annotations) out.copy(entry);
  const eight = (key: Buffer, code: number, value: number) => {
    out.copy(key).bytes(code).eight(value);
    entries++;
  };
  eight(KEY.sequence, LONG, stamp.sequence);
  eight(KEY.enqueuedSequence, LONG, stamp.enqueuedSequence);
  eight(KEY.enqueuedAt, TIMESTAMP, stamp.enqueuedAt);
  if (stamp.lockedUntil !== undefined) eight(KEY.lockedUntil, TIMESTAMP, stamp.lockedUntil);
  out.copy(KEY.state).bytes(0x71).uint(STATE_CODE[stamp.state]);
  entries++;
  if (source !== undefined) {
    out.copy(KEY.deadLetterSource).bytes(0xb1).uint(source.length).copy(source);
    entries++;
  }
  out.uintAt(start - 8, out.at - start + 4);
  out.uintAt(start - 4, entries * 2);
  return out.copy(content.bare).done();
}

function header(out: Output, { durable, priority }: Content, { ttl, deliveryCount }: Stamp): void {
  out.bytes(0x00, 0x53, SECTION.header, 0xc0, 0, 5);
  const start = out.at;
  out.bytes(durable === undefined ? NULL : durable ? 0x41 : 0x42);
  if (priority === undefined) out.bytes(NULL);
  else out.bytes(0x50, priority);
  if (ttl === undefined || ttl > MAX_UINT32) out.bytes(NULL);
  else out.bytes(0x70).uint(ttl);
  out.bytes(NULL).bytes(0x70).uint(deliveryCount);
  out.byteAt(start - 2, out.at - start + 1);
}

/** A buffer that is written from front to back. */
class Output {
  readonly #buffer: Buffer;
  at = 0;

  constructor(size: number) {
    this.#buffer = Buffer.allocUnsafe(size);
  }

  bytes(...values: number[]): this {
    for (const value of values) this.#buffer[this.at++] = value;
    return this;
  }

  uint(value: number): this {
    this.at = this.#buffer.writeUInt32BE(value, this.at);
    return this;
  }

  /** A whole number of 8 bytes, none of them below zero. */
  eight(value: number): this {
    return this.uint(Math.floor(value / 2 ** 32)).uint(value % 2 ** 32);
  }

  copy(from: Buffer): this {
    this.at += from.copy(this.#buffer, this.at);
    return this;
  }

  byteAt(position: number, value: number): void {
    this.#buffer[position] = value;
  }

  uintAt(position: number, value: number): void {
    this.#buffer.writeUInt32BE(value, position);
  }

  done(): Buffer {
    return this.#buffer.subarray(0, this.at);
  }
}
