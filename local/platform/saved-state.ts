import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Keys } from "../host/keys.ts";

/** The keys of one sandbox. Made once, kept with its state, so that what was configured with them goes on working. */
export interface PlatformKeys extends Keys {
  /** Opens the durable functions' management API (`code` of its URLs). */
  readonly durable: string;
  /** For the app's own webhook; the platform itself asks for it nowhere. */
  readonly webhook: string;
}

/** What the platform itself remembers from start to start: the clock's offset and its keys. */
export class SavedState {
  readonly #dir: string | undefined;
  #temporary: string | undefined;

  constructor(dir: string | undefined) {
    this.#dir = dir;
    if (dir !== undefined) mkdirSync(dir, { recursive: true });
  }

  /** Where a part keeps its data, or undefined for memory. */
  file(name: string): string | undefined {
    return this.#dir === undefined ? undefined : join(this.#dir, name);
  }

  /** A folder for what the app itself keeps; without a data folder one that goes with the platform. */
  folder(): string {
    if (this.#dir !== undefined) return resolve(this.#dir);
    this.#temporary ??= mkdtempSync(join(tmpdir(), "local-platform-"));
    return this.#temporary;
  }

  close(): void {
    if (this.#temporary !== undefined) rmSync(this.#temporary, { recursive: true, force: true });
  }

  offset(): number {
    return this.#read<{ offsetMs: number }>("clock.json")?.offsetMs ?? 0;
  }

  saveOffset(offsetMs: number): void {
    this.write("clock.json", { offsetMs });
  }

  keys(): PlatformKeys {
    const keys = {
      master: key(),
      function: key(),
      durable: key(),
      webhook: key(),
      ...this.#read<PlatformKeys>("keys.json"),
    };
    this.write("keys.json", keys);
    return keys;
  }

  /** Writes a small JSON file whole or not at all. */
  write(name: string, value: unknown): void {
    const path = this.file(name);
    if (path === undefined) return;
    writeFileSync(`${path}.new`, `${JSON.stringify(value, undefined, 2)}\n`);
    renameSync(`${path}.new`, path);
  }

  #read<T>(name: string): T | undefined {
    const path = this.file(name);
    if (path === undefined) return undefined;
    try {
      return JSON.parse(readFileSync(path, "utf8")) as T;
    } catch {
      return undefined;
    }
  }
}

function key(): string {
  return randomBytes(24).toString("base64url");
}
