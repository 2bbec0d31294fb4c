import { randomUUID } from "node:crypto";
import { types } from "node:util";
import type { BindingInfo, CoreInvocationContext, InvocationResponse, TypedData } from "./core-types.ts";
import type { FunctionApp, LogEntry, RegisteredFunction } from "./function-app.ts";
import type { RetryContext } from "./retry-policy.ts";

/** What set a function off, as the trigger's extension would hand it to the worker. */
export interface Trigger {
  readonly data: TypedData | undefined;
  readonly metadata?: Readonly<Record<string, TypedData>>;
  readonly invocationId?: string;
  /** Which attempt this is, where a policy says that there may be several. */
  readonly retry?: RetryContext | undefined;
  /** Of the caller, where it is a part of a trace (W3C Trace Context). */
  readonly trace?: { readonly traceparent: string | undefined; readonly tracestate: string | undefined };
  /** What the programming model would make of the data's text, where that is known without parsing it again. */
  readonly parsed?: object | undefined;
}

export class FunctionTimeout extends Error {
  constructor(name: string, ms: number) {
    super(`Timeout value of ${ms} ms exceeded by function ${name}.`);
    this.name = "FunctionTimeout";
  }
}

export interface InvokerOptions {
  readonly app: FunctionApp;
  /** What a `durableClient` input is bound to: JSON text. */
  readonly clientBinding: string;
  readonly timeoutMs: number;
  readonly log: (entry: LogEntry) => void;
  /** Carries out an output binding once the function has succeeded. */
  readonly write: (binding: BindingInfo, value: TypedData) => Promise<void>;
  /** A function ran into its limit: as JavaScript can't be stopped from outside, the process must go. */
  readonly onTimeout: (error: FunctionTimeout) => void;
}

/** Runs functions through the programming model that the app registered, in the order the real worker keeps. */
export class Invoker {
  readonly #options: InvokerOptions;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(options: InvokerOptions) {
    this.#options = options;
  }

  /** Answers when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  /** Answers with what the function returned, converted. Throws what it threw, or a FunctionTimeout. */
  invoke(fn: RegisteredFunction, trigger: Trigger): Promise<InvocationResponse> {
    const invocationId = trigger.invocationId ?? randomUUID();
    const run = this.#limited(fn, this.#invoke(fn, { ...trigger, invocationId }));
    this.#underWay.add(run);
    run.then(
      () => this.#underWay.delete(run),
      (error) => {
        this.#underWay.delete(run);
        this.#logFailure(fn, invocationId, asError(error));
      },
    );
    return run;
  }

  /** An orchestrator's failure is a message to the scheduler (it holds the whole state), which says it itself. */
  #logFailure(fn: RegisteredFunction, invocationId: string, error: Error): void {
    if (fn.trigger.type === "orchestrationtrigger") return;
    const functionName = fn.metadata.name;
    const message = `Executed '${functionName}' (Failed, Id=${invocationId}): ${error.stack ?? error.message}`;
    this.#options.log({ level: "error", category: "system", message, functionName, invocationId });
  }

  async #invoke(
    fn: RegisteredFunction,
    trigger: Trigger & { readonly invocationId: string },
  ): Promise<InvocationResponse> {
    const { app } = this.#options;
    if (app.model === undefined) throw new Error("No programming model is registered.");
    let userContext: unknown;
    const core = this.#coreContext(fn, trigger, () => userContext);
    const model = app.model.getInvocationModel(core);
    const { context, inputs } = await model.getArguments();
    if (trigger.parsed !== undefined) inputs[0] = trigger.parsed;
    userContext = context;

    const hookData = {};
    const shared = { hookData, appHookData: app.hookData, invocationContext: context };
    const before = { ...shared, functionCallback: fn.callback, inputs };
    core.state = "preInvocationHooks";
    await app.runHooks("preInvocation", before);

    const after: Record<string, unknown> = { ...shared, inputs: before.inputs, result: null, error: null };
    core.state = "invocation";
    try {
      after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      // As it was thrown. What throws nothing has, to the real worker too, not failed.
      after.error = error;
    }
    core.state = "postInvocationHooks";
    await app.runHooks("postInvocation", after);
    core.state = undefined;

    if (after.error !== null && after.error !== undefined) throw asError(after.error);
    const response = await model.getResponse(context, after.result);
    await this.#writeOutputs(fn, response);
    return response;
  }

  #coreContext(
    fn: RegisteredFunction,
    trigger: Trigger & { readonly invocationId: string },
    userContext: () => unknown,
  ): CoreInvocationContext {
    const { invocationId } = trigger;
    const functionName = fn.metadata.name;
    return {
      invocationId,
      request: {
        invocationId,
        functionId: functionName,
        inputData: this.#inputs(fn, trigger),
        triggerMetadata: trigger.metadata ?? {},
        traceContext: traceContext(trigger.trace),
        retryContext: trigger.retry,
      },
      metadata: fn.metadata,
      state: undefined,
      log: (level, category, message) => {
        const entry = { level, category, message, functionName, invocationId };
        this.#options.log(this.#options.app.runLogHooks(entry, userContext()));
      },
    };
  }

  #inputs(fn: RegisteredFunction, trigger: Trigger): { name: string; data: TypedData | undefined }[] {
    const inputs = [{ name: fn.trigger.name, data: trigger.data }];
    for (const [name, binding] of Object.entries(fn.metadata.bindings)) {
      if (binding.direction !== "in" || name === fn.trigger.name) continue;
      inputs.push({ name, data: { string: this.#options.clientBinding } });
    }
    return inputs;
  }

  async #writeOutputs(fn: RegisteredFunction, response: InvocationResponse): Promise<void> {
    const { bindings } = fn.metadata;
    for (const { name, data } of response.outputData ?? []) {
      const binding = bindings[name];
      if (binding !== undefined) await this.#options.write(binding, data);
    }
    const returned = bindings.$return;
    if (returned !== undefined && returned.type.toLowerCase() !== "http" && response.returnValue)
      await this.#options.write(returned, response.returnValue);
  }

  async #limited<T>(fn: RegisteredFunction, run: Promise<T>): Promise<T> {
    const { timeoutMs, onTimeout } = this.#options;
    if (timeoutMs > 2 ** 31 - 1) return run;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new FunctionTimeout(fn.metadata.name, timeoutMs);
        // First: who is answered that the time is up must not be served by this process again.
        onTimeout(error);
        reject(error);
      }, timeoutMs);
    });
    try {
      return await Promise.race([run, limit]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The caller's trace goes on in a span of its own; else a trace begins. */
function traceContext(caller: Trigger["trace"]): { traceParent: string; traceState: string } {
  const span = randomHex(16);
  const [, trace, flags] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/.exec(caller?.traceparent ?? "") ?? [];
  if (trace === undefined) return { traceParent: `00-${randomHex(32)}-${span}-00`, traceState: "" };
  return { traceParent: `00-${trace}-${span}-${flags}`, traceState: caller?.tracestate ?? "" };
}

/** Of a UUID, whose randomness Node keeps in stock: a call to the system for each invocation shows in a profile. */
function randomHex(length: 16 | 32): string {
  return randomUUID().replaceAll("-", "").slice(0, length);
}

/** Anything may be thrown; like the real worker, this makes an Error of it. */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error || types.isNativeError(thrown)) return thrown;
  if (thrown === undefined || thrown === null) return new Error("Unknown error");
  return new Error(typeof thrown === "object" ? JSON.stringify(thrown) : String(thrown));
}
