import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Addresses, Client } from "../../sandbox/client.ts";
import { freeBase } from "../../scripts/start/ports.ts";

const START = new URL("../../scripts/start.ts", import.meta.url).pathname;
const LOWEST = 20_000;
const SPREAD = 8_000;

/** A folder for the state of sandboxes, which goes when the tests end. */
export class Place {
  readonly dir = mkdtempSync(join(tmpdir(), "parcours-start-"));
  readonly #children = new Set<ChildProcess>();

  /** Starts a sandbox on this place's state, with nothing but these options and a free base. */
  async start(...args: string[]): Promise<Started> {
    const base = args.includes("--port-base") ? [] : ["--port-base", String(await someBase())];
    const { npm_lifecycle_event: _npm, ...env } = process.env;
    const child = spawn(process.execPath, [START, "--data", this.dir, ...base, ...args], {
      env: { ...env, LC_ALL: "C.UTF-8" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#children.add(child);
    return new Started(child, this.dir);
  }

  has(file: string): boolean {
    return existsSync(join(this.dir, file));
  }

  close(): void {
    for (const child of this.#children) child.kill("SIGKILL");
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** A running `npm start`, and what it has said so far. */
export class Started {
  readonly #child: ChildProcess;
  readonly #dir: string;
  readonly #ended: Promise<number>;
  said = "";

  constructor(child: ChildProcess, dir: string) {
    this.#child = child;
    this.#dir = dir;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.said += text;
      });
    this.#ended = once(child, "close").then(([code]) => Number(code));
  }

  get lines(): string[] {
    return this.said.split("\n");
  }

  /** The exit code, once all that it said is here. */
  ended(): Promise<number> {
    return this.#ended;
  }

  async until(text: string): Promise<void> {
    while (!this.said.includes(text)) {
      const more = this.#child.stdout === null ? this.#ended : once(this.#child.stdout, "data");
      const over = await Promise.race([more.then(() => false), this.#ended.then(() => true)]);
      if (over && !this.said.includes(text)) throw new Error(`it ended without saying "${text}":\n${this.said}`);
    }
  }

  /** Through the addresses that it tells others. */
  client(): Client {
    return new Client(JSON.parse(readFileSync(join(this.#dir, "sandbox.json"), "utf8")) as Addresses);
  }

  /** Ctrl-C, or what is worse. Answers the exit code. */
  stop(signal: "SIGINT" | "SIGKILL" = "SIGINT"): Promise<number> {
    this.#child.kill(signal);
    return this.#ended;
  }
}

/** Five free ports in a row. */
export async function someBase(): Promise<number> {
  const base = await freeBase(LOWEST + Math.floor(Math.random() * SPREAD));
  if (base === undefined) throw new Error("no five free ports in a row");
  return base;
}
