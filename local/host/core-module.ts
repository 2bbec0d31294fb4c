import Module from "node:module";
import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  HookName,
  LogCategory,
  LogLevel,
} from "./core-types.ts";
import type { FunctionApp, LogEntry } from "./function-app.ts";

/** What this host says it is: of the real host's 4.x line, so that libraries take their modern paths. */
export const HOST_VERSION = "4.1037.0.0";
const WORKER_VERSION = "3.9.1";
const HOOKS: readonly HookName[] = ["appStart", "appTerminate", "preInvocation", "postInvocation", "log"];

/**
 * Supplies `@azure/functions-core` to whoever requires it, just as the real Node worker does: by patching `require`.
 * ES modules come by it too, as they import the CommonJS build of `@azure/functions`, whose own `require` is patched.
 */
export function installCoreModule(app: FunctionApp, log: (entry: LogEntry) => void): void {
  const core = {
    version: WORKER_VERSION,
    hostVersion: HOST_VERSION,
    Disposable,
    setProgrammingModel(model: NonNullable<FunctionApp["model"]>): void {
      app.model = model;
    },
    getProgrammingModel: (): FunctionApp["model"] => app.model,
    registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
      app.register(metadata, callback);
      return new Disposable(() => undefined);
    },
    registerHook(name: string, callback: HookCallback): Disposable {
      const hook = HOOKS.find((known) => known === name);
      if (hook === undefined) throw new RangeError(`Unrecognized hook "${name}"`);
      const registered = app.addHook(hook, callback);
      return new Disposable(() => registered.dispose());
    },
    log(level: LogLevel, category: LogCategory, message: string): void {
      log({ level, category, message });
    },
  };

  const required = Module.prototype.require;
  Module.prototype.require = Object.assign(function supply(this: Module, id: string): unknown {
    return id === "@azure/functions-core" ? core : required.call(this, id);
  }, required);
}

class Disposable {
  readonly #dispose: () => void;

  constructor(dispose: () => void) {
    this.#dispose = dispose;
  }

  static from(...disposables: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const disposable of disposables) disposable.dispose();
    });
  }

  dispose(): void {
    this.#dispose();
  }
}
