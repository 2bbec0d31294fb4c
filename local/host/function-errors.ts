import type { LogEntry, RegisteredFunction } from "./function-app.ts";

/** The functions that are in error: each is named in the log, and the others are served, as on the real host. */
export class FunctionErrors {
  readonly #log: (entry: LogEntry) => void;
  readonly #names = new Set<string>();

  constructor(log: (entry: LogEntry) => void) {
    this.#log = log;
  }

  add({ metadata: { name } }: RegisteredFunction, error: unknown): void {
    this.#names.add(name);
    const why = error instanceof Error ? error.message : String(error);
    this.#log({ level: "error", category: "system", message: `Function ${name} is in error: ${why}` });
  }

  has({ metadata: { name } }: RegisteredFunction): boolean {
    return this.#names.has(name);
  }

  /** What `make` gives for a function; nothing where it throws, for its binding can't be understood. */
  guarded<T>(fn: RegisteredFunction, make: () => T): T[] {
    try {
      return [make()];
    } catch (error) {
      this.add(fn, error);
      return [];
    }
  }
}
