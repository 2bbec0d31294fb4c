import {
  closeSync,
  constants,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";

/** One thing that happened to what the bus keeps. Replayed in order, ops give its state again. */
export type Op =
  | {
      readonly op: "put";
      readonly queue: string;
      readonly seq: number;
      readonly enqueuedSeq: number;
      readonly enqueuedAt: number;
      readonly expiresAt?: number | undefined;
      readonly deliveryCount: number;
      readonly state: "ready" | "deferred" | "scheduled";
      readonly due?: number | undefined;
      readonly source?: string | undefined;
      readonly raw: Buffer;
    }
  | { readonly op: "delete"; readonly queue: string; readonly seq: number }
  | { readonly op: "count"; readonly queue: string; readonly seq: number; readonly deliveryCount: number }
  | { readonly op: "defer"; readonly queue: string; readonly seq: number }
  | { readonly op: "next"; readonly queue: string; readonly seq: number }
  | { readonly op: "seen"; readonly entity: string; readonly id: string; readonly at: number }
  | { readonly op: "session"; readonly queue: string; readonly session: string; readonly raw?: Buffer | undefined }
  | { readonly op: "rules"; readonly subscription: string; readonly rules: readonly unknown[] };

/** Keeps what must survive a crash. All ops of one turn of the event loop are kept together or not at all. */
export interface Journal {
  append(op: Op): void;
  /** Calls back once all that was appended so far cannot be lost any more: at once, if it is so already. */
  whenDurable(run: () => void): void;
  close(): void;
}

/** Gathers the ops of one turn, so that a turn costs one write and one flush to disk however much happened in it. */
abstract class TurnJournal implements Journal {
  #turn: Op[] = [];
  #waiting: (() => void)[] = [];
  #scheduled: NodeJS.Immediate | undefined;

  append(op: Op): void {
    this.#turn.push(op);
    this.#scheduled ??= setImmediate(() => this.flush());
  }

  whenDurable(run: () => void): void {
    if (this.#scheduled === undefined) run();
    else this.#waiting.push(run);
  }

  close(): void {
    this.flush();
  }

  protected abstract write(ops: readonly Op[]): void;

  protected flush(): void {
    clearImmediate(this.#scheduled);
    const [turn, waiting] = [this.#turn, this.#waiting];
    [this.#turn, this.#waiting] = [[], []];
    if (turn.length > 0) this.write(turn);
    this.#scheduled = undefined;
    for (const run of waiting) run();
  }
}

/** Keeps nothing: for a bus that need not outlive its process. */
export class MemoryJournal extends TurnJournal {
  protected override write(): void {}
}

const FRAME_HEAD = 8;
/** A flush that need not record a new length of the file takes half the time: room is made in steps of this size. */
const ROOM = Buffer.alloc(2 * 1024 * 1024);
/** Below this size a journal is not worth rewriting. */
const COMPACT_FROM_BYTES = 32 * 1024 * 1024;

/** Appends to a file, zeros after its end, and flushes once a turn; rewrites the file when most of it is history. */
export class FileJournal extends TurnJournal {
  readonly #file: string;
  #fd: number;
  #size: number;
  #room: number;
  #compactAt: number;
  #snapshot: (() => Iterable<Op>) | undefined;

  private constructor(file: string, size: number) {
    super();
    this.#file = file;
    this.#fd = openSync(file, constants.O_RDWR | constants.O_CREAT);
    this.#size = size;
    this.#room = size;
    this.#compactAt = Math.max(COMPACT_FROM_BYTES, size * 2);
  }

  /** Opens a journal and reads what it holds. What a crash left half written at its end is cut off. */
  static open(file: string): { readonly journal: FileJournal; readonly ops: readonly Op[] } {
    const bytes = readIfThere(file);
    const { ops, end } = readFrames(bytes);
    if (end < bytes.length) truncateSync(file, end);
    const journal = new FileJournal(file, end);
    syncFolder(file);
    return { journal, ops };
  }

  /** Tells where the whole present state comes from when the file is to be rewritten. */
  compactWith(snapshot: () => Iterable<Op>): void {
    this.#snapshot = snapshot;
  }

  override close(): void {
    super.close();
    ftruncateSync(this.#fd, this.#size);
    closeSync(this.#fd);
  }

  protected override write(ops: readonly Op[]): void {
    const frame = encodeFrame(ops);
    writeAll(this.#fd, frame, this.#size);
    this.#size += frame.length;
    if (this.#size > this.#room) {
      writeAll(this.#fd, ROOM, this.#size);
      this.#room = this.#size + ROOM.length;
    }
    fdatasyncSync(this.#fd);
    // The snapshot must hold this turn too, so it comes after the turn's ops are applied: here they always are.
    if (this.#size > this.#compactAt && this.#snapshot !== undefined) this.#rewrite(this.#snapshot());
  }

  #rewrite(ops: Iterable<Op>): void {
    const next = `${this.#file}.next`;
    const fd = openSync(next, "w");
    let size = 0;
    for (const part of inParts(ops, 1000)) {
      const frame = encodeFrame(part);
      writeAll(fd, frame, size);
      size += frame.length;
    }
    fsyncSync(fd);
    closeSync(this.#fd);
    renameSync(next, this.#file);
    syncFolder(this.#file);
    this.#fd = fd;
    this.#size = size;
    this.#room = size;
    this.#compactAt = Math.max(COMPACT_FROM_BYTES, size * 4);
  }
}

/** A frame: length and checksum of its payload, then ops, each as lengths of its JSON and its bytes, and these. */
function encodeFrame(ops: readonly Op[]): Buffer {
  const parts: Buffer[] = [Buffer.alloc(FRAME_HEAD)];
  for (const op of ops) {
    const raw = "raw" in op ? op.raw : undefined;
    const json = Buffer.from(JSON.stringify(raw === undefined ? op : { ...op, raw: undefined }));
    const head = Buffer.allocUnsafe(8);
    head.writeUInt32BE(json.length, 0);
    head.writeUInt32BE(raw === undefined ? 0 : raw.length + 1, 4);
    parts.push(head, json);
    if (raw !== undefined) parts.push(raw);
  }
  const frame = Buffer.concat(parts);
  frame.writeUInt32BE(frame.length - FRAME_HEAD, 0);
  frame.writeUInt32BE(crc32(frame.subarray(FRAME_HEAD)), 4);
  return frame;
}

function readFrames(bytes: Buffer): { ops: Op[]; end: number } {
  const ops: Op[] = [];
  let end = 0;
  while (end + FRAME_HEAD <= bytes.length) {
    const payload = bytes.subarray(end + FRAME_HEAD, end + FRAME_HEAD + bytes.readUInt32BE(end));
    const whole = payload.length > 0 && payload.length === bytes.readUInt32BE(end);
    if (!whole || crc32(payload) !== bytes.readUInt32BE(end + 4)) break;
    for (let at = 0; at < payload.length; ) {
      const json = at + 8;
      const raw = json + payload.readUInt32BE(at);
      const rawLength = payload.readUInt32BE(at + 4);
      const op: Op = JSON.parse(payload.toString("utf8", json, raw));
      at = raw + Math.max(rawLength - 1, 0);
      ops.push(rawLength === 0 ? op : ({ ...op, raw: payload.subarray(raw, at) } as Op));
    }
    end += FRAME_HEAD + payload.length;
  }
  return { ops, end };
}

function writeAll(fd: number, bytes: Buffer, position: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, position + at);
}

/** A new or renamed file is only there after a crash once its folder is on disk too. */
function syncFolder(file: string): void {
  const fd = openSync(dirname(file), "r");
  fsyncSync(fd);
  closeSync(fd);
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

function* inParts<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let part: T[] = [];
  for (const item of items) {
    part.push(item);
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}
