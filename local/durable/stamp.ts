import type { Clock } from "../clock/virtual-clock.ts";

/**
 * A UTC instant as the engine writes it into histories: ISO, up to seven fractional digits (ticks of 100 ns),
 * trailing zeros trimmed, `Z`.
 */
export type Stamp = string;

const TICKS_PER_MS = 10_000;

/** Hands out instants of the virtual clock that never repeat and never go back, so that their order is their order. */
export class Stamps {
  readonly #clock: Clock;
  #ms = 0;
  #ticks = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): Stamp {
    const ms = Math.floor(this.#clock.now());
    // The clock counts whole milliseconds; the ticks below come from the process's own timer, only to look alike.
    const ticks = Math.floor((performance.now() % 1) * TICKS_PER_MS);
    if (ms > this.#ms || (ms === this.#ms && ticks > this.#ticks)) {
      this.#ms = ms;
      this.#ticks = ticks;
    } else if (++this.#ticks === TICKS_PER_MS) {
      this.#ms++;
      this.#ticks = 0;
    }
    return stamp(this.#ms, this.#ticks);
  }
}

let lastSecond = Number.NaN;
let secondText = "";

export function stamp(ms: number, ticks = 0): Stamp {
  const second = Math.floor(ms / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    secondText = new Date(second * 1000).toISOString().slice(0, 19);
  }
  const fraction = (ms - second * 1000) * TICKS_PER_MS + ticks;
  if (fraction === 0) return `${secondText}Z`;
  return `${secondText}.${String(fraction).padStart(7, "0").replace(/0+$/, "")}Z`;
}

/** Milliseconds since 1970, what lies below a millisecond cut off (as JavaScript's Date does). */
export function msOf(instant: Stamp): number {
  return Date.parse(instant);
}

/** The first whole millisecond at which the instant is past. */
export function dueMsOf(instant: Stamp): number {
  return Date.parse(instant) + (ticksOf(instant) > 0 ? 1 : 0);
}

export function addMs(instant: Stamp, ms: number): Stamp {
  return stamp(msOf(instant) + Math.floor(ms), ticksOf(instant));
}

/** The next instant that can be written. */
export function tickAfter(instant: Stamp): Stamp {
  const ticks = ticksOf(instant) + 1;
  return ticks === TICKS_PER_MS ? stamp(msOf(instant) + 1) : stamp(msOf(instant), ticks);
}

/** Normalises an instant that the app gave (`2026-11-22T13:28:10.100Z`) to the engine's own text. */
export function asStamp(instant: string): Stamp {
  return addMs(instant, 0);
}

/** -1, 0 or 1; texts do not compare by themselves, since their trailing zeros are trimmed. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return Math.sign(msOf(a) - msOf(b) || ticksOf(a) - ticksOf(b));
}

/** Whole seconds, as the management API shows them. */
export function inSeconds(instant: Stamp): string {
  return `${instant.slice(0, 19)}Z`;
}

function ticksOf(instant: Stamp): number {
  const dot = instant.indexOf(".");
  if (dot === -1) return 0;
  return Number(
    instant
      .slice(dot + 1, -1)
      .padEnd(7, "0")
      .slice(3),
  );
}
