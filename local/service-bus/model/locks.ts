import { randomFillSync } from "node:crypto";
import type { Busy } from "../../clock/virtual-clock.ts";
import type { Lock, StoredMessage } from "./message.ts";

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
const TOKEN_BYTES = 16;

/** The locks of one queue. They run by the system's clock, as the SDK that renews them does. */
export class Locks {
  readonly #durationMs: number;
  readonly #name: string;
  readonly #busy: Busy;
  readonly #expired: (message: StoredMessage) => void;
  /** By token. All last equally long, so the first of the map is the first to expire. */
  readonly #held = new Map<string, StoredMessage>();
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void) | undefined;

  constructor(name: string, durationMs: number, busy: Busy, expired: (message: StoredMessage) => void) {
    this.#name = name;
    this.#durationMs = durationMs;
    this.#busy = busy;
    this.#expired = expired;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Locks a message; `until` if its session decides that. */
  grant(message: StoredMessage, until?: number): Lock {
    const from = message.state === "deferred" ? "deferred" : "ready";
    const lock: Lock = { token: newToken(), from, until: until ?? Date.now() + this.#durationMs, onEnd: undefined };
    message.lock = lock;
    message.state = "locked";
    this.#held.set(keyOf(lock.token), message);
    this.#idle ??= this.#busy.open(`service-bus: a message of ${this.#name} is locked`);
    if (until === undefined) this.#arm();
    return lock;
  }

  /** The message that a token holds, if it still does. */
  find(token: Buffer): StoredMessage | undefined {
    return this.#held.get(keyOf(token));
  }

  /** Starts the lock's time again, and answers until when it holds. */
  renew(message: StoredMessage, lock: Lock): number {
    lock.until = Date.now() + this.#durationMs;
    const key = keyOf(lock.token);
    this.#held.delete(key);
    this.#held.set(key, message);
    return lock.until;
  }

  /** Ends the lock of a message. */
  end(message: StoredMessage): void {
    const { lock } = message;
    if (lock === undefined) return;
    message.lock = undefined;
    this.#held.delete(keyOf(lock.token));
    lock.onEnd?.();
    if (this.#held.size > 0) return;
    this.#idle?.();
    this.#idle = undefined;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#idle?.();
  }

  #arm(): void {
    if (this.#timer !== undefined) return;
    const [first] = this.#held.values();
    if (first?.lock === undefined) return;
    const wait = Math.min(Math.max(first.lock.until - Date.now(), 0), LONGEST_TIMEOUT_MS);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      for (const message of this.#held.values()) {
        if (message.lock === undefined || message.lock.until > Date.now()) break;
        this.#expired(message);
      }
      this.#arm();
    }, wait);
  }
}

const keyOf = (token: Buffer) => token.toString("latin1");

/** Random bytes come by the page: to ask for them one by one is slow. */
let pool = Buffer.alloc(0);
function newToken(): Buffer {
  if (pool.length < TOKEN_BYTES) pool = randomFillSync(Buffer.allocUnsafeSlow(256 * TOKEN_BYTES));
  const token = pool.subarray(0, TOKEN_BYTES);
  pool = pool.subarray(TOKEN_BYTES);
  return token;
}
