import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Platform } from "../../local/platform/platform.ts";
import type { Addresses } from "../../sandbox/client.ts";
import { makeHistory } from "./history.ts";
import { readSnapshot, rowSchema, type Snapshot, setClock, unpackSnapshot } from "./snapshot.ts";

const ADDRESSES = "sandbox.json";
const ABOUT = "snapshot.json";
const CLOCK = "clock.json";

/** What a sandbox keeps, and where: the company's state and the empty one's lie beside each other. */
export class State {
  readonly dir: string;
  readonly #root: string;

  constructor(root: string, empty: boolean) {
    this.#root = resolve(root);
    this.dir = join(this.#root, empty ? "empty" : "company");
  }

  get log(): string {
    return join(this.#root, "log.txt");
  }

  get isNew(): boolean {
    return !existsSync(this.dir);
  }

  /** The addresses of a sandbox that runs on this state now. */
  async running(): Promise<Addresses | undefined> {
    const addresses = readJson<Addresses>(join(this.#root, ADDRESSES));
    if (addresses === undefined) return undefined;
    const answer = await fetch(`${addresses.control}/clock`).catch(() => undefined);
    return answer?.ok === true ? addresses : undefined;
  }

  reset(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Whether this code can read what is kept. */
  get fits(): boolean {
    const made = readJson<Snapshot>(join(this.dir, ABOUT));
    return made === undefined || made.rowSchema === rowSchema();
  }

  /** Makes a bare state, or that of the company after its sixty days. */
  async make(empty: boolean, told: { making(): void; day(day: number): void }): Promise<Snapshot | undefined> {
    mkdirSync(this.#root, { recursive: true });
    if (empty) {
      mkdirSync(this.dir);
      writeFileSync(join(this.dir, ABOUT), JSON.stringify({ rowSchema: rowSchema() }));
      return undefined;
    }
    const kept = readSnapshot();
    if (kept !== undefined) {
      unpackSnapshot(kept, this.dir);
      return kept;
    }
    told.making();
    const unfinished = `${this.dir}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    const made = { rowSchema: rowSchema(), ...(await makeHistory(unfinished, told.day)) };
    // Its keys opened the platform that made it; a sandbox has its own, as one from the repository has.
    rmSync(join(unfinished, "keys.json"));
    writeFileSync(join(unfinished, ABOUT), JSON.stringify(made));
    setClock(unfinished, Date.parse(made.end));
    renameSync(unfinished, this.dir);
    return made;
  }

  /** After a stop in good order time goes on where it stood then, so that nothing is overdue after a night. */
  resumeClock(): number {
    const { stoppedAt, offsetMs = 0 } =
      readJson<{ stoppedAt?: number; offsetMs?: number }>(join(this.dir, CLOCK)) ?? {};
    if (stoppedAt !== undefined) setClock(this.dir, stoppedAt);
    return stoppedAt ?? Date.now() + offsetMs;
  }

  /** Tells others where the sandbox is, as long as it is up. */
  announce(addresses: Platform["addresses"]): void {
    writeFileSync(join(this.#root, ADDRESSES), `${JSON.stringify(addresses, undefined, 2)}\n`);
  }

  /** To be called once the platform is closed. */
  leave(clock: Platform["clock"]): void {
    rmSync(join(this.#root, ADDRESSES), { force: true });
    const kept = { offsetMs: clock.offset, stoppedAt: clock.now() };
    if (existsSync(this.dir)) writeFileSync(join(this.dir, CLOCK), JSON.stringify(kept));
  }
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return undefined;
  }
}
