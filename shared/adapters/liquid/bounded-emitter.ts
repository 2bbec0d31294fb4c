import type { Emitter } from "liquidjs";
import { printer } from "./printer.ts";

/** A mail's part is refused past these: characters, milliseconds, and what liquidjs counts as objects. */
export const LIMITS = { parse: 250_000, rendered: 1_000_000, milliseconds: 1_000, memory: 5_000_000 } as const;

const printText = printer("text");

/** Collects what is printed, and stops a loop that prints without end. */
export class BoundedEmitter implements Emitter {
  buffer = "";

  write(text: unknown): void {
    this.buffer += typeof text === "string" ? text : printText(text);
    if (this.buffer.length > LIMITS.rendered) throw new Error(`more than ${LIMITS.rendered} characters`);
  }
}
