import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  HookName,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from "./core-types.ts";

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
  /** Name and settings of the one trigger. */
  readonly trigger: { readonly name: string; readonly type: string; readonly settings: Record<string, unknown> };
}

/** A line that user code or the host wrote. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly category: LogCategory;
  readonly message: string;
  readonly functionName?: string | undefined;
  readonly invocationId?: string | undefined;
}

/** What the user's code registered: its functions, its hooks and the programming model that converts for it. */
export class FunctionApp {
  model: ProgrammingModel | undefined;
  /** Shared by the hooks of one app, as the worker shares it. */
  readonly hookData: Record<string, unknown> = {};
  readonly #functions = new Map<string, RegisteredFunction>();
  readonly #hooks = new Map<HookName, HookCallback[]>();

  /**
   * The functions by name. The real host sorts them so (seen in its load order), and as it takes the first route that
   * matches, the order of names decides between two routes that both match.
   */
  get functions(): RegisteredFunction[] {
    return [...this.#functions.values()].sort((a, b) => compareIgnoringCase(a.metadata.name, b.metadata.name));
  }

  find(name: string): RegisteredFunction | undefined {
    return this.#functions.get(name.toLowerCase());
  }

  register(metadata: FunctionMetadata, callback: FunctionCallback): void {
    const key = metadata.name.toLowerCase();
    if (this.#functions.has(key)) throw new Error(`A function with the name "${metadata.name}" is registered already.`);
    const trigger = Object.entries(metadata.bindings).find(([, binding]) => /trigger$/i.test(binding.type));
    if (trigger === undefined) throw new Error(`Function "${metadata.name}" has no trigger.`);
    const [name, settings] = trigger;
    this.#functions.set(key, { metadata, callback, trigger: { name, type: settings.type.toLowerCase(), settings } });
  }

  addHook(name: HookName, callback: HookCallback): { dispose(): void } {
    const hooks = this.#hooks.get(name) ?? [];
    this.#hooks.set(name, hooks);
    hooks.push(callback);
    return {
      dispose: () => {
        const at = hooks.indexOf(callback);
        if (at >= 0) hooks.splice(at, 1);
      },
    };
  }

  /** Calls the hooks of one kind in the order of their registration. */
  async runHooks(name: HookName, context: Record<string, unknown>): Promise<void> {
    for (const hook of this.#hooks.get(name) ?? []) await hook(context);
  }

  /** Log hooks can't be waited for: a line is written while user code goes on. */
  runLogHooks(entry: LogEntry, invocationContext?: unknown): LogEntry {
    const hooks = this.#hooks.get("log");
    if (hooks === undefined || hooks.length === 0) return entry;
    const context: Record<string, unknown> = {
      hookData: {},
      level: entry.level,
      message: entry.message,
      category: entry.category,
      invocationContext,
    };
    for (const hook of hooks) hook(context);
    return { ...entry, level: context.level as LogLevel, message: String(context.message) };
  }
}

function compareIgnoringCase(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}
