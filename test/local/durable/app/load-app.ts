import { randomUUID } from "node:crypto";
import Module, { createRequire } from "node:module";
import type { Outcome, Worker } from "../../../../local/durable/worker.ts";

/** The wire values of the Node worker's protocol, as far as these tests need them. */
export interface TypedData {
  string?: string;
  json?: string;
  int?: number;
  double?: number;
  http?: Record<string, unknown>;
}

type Callback = (...inputs: unknown[]) => unknown;

interface Registered {
  readonly name: string;
  readonly bindings: Record<string, { type: string; direction: string; route?: string; methods?: string[] }>;
  readonly callback: Callback;
}

interface Model {
  getInvocationModel(core: object): {
    getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
    invokeFunction(context: unknown, inputs: unknown[], callback: Callback): Promise<unknown>;
    getResponse(context: unknown, result: unknown): Promise<{ returnValue?: TypedData | null }>;
  };
}

const KINDS: Record<string, "orchestrator" | "activity" | "entity"> = {
  orchestrationTrigger: "orchestrator",
  activityTrigger: "activity",
  entityTrigger: "entity",
};

type Run = (name: string, instanceId: string, input: string) => Promise<Outcome>;

export interface LoadedApp {
  readonly worker: Worker & { readonly runOrchestrator: Run };
  readonly routes: readonly { readonly name: string; readonly route: string }[];
  /** Calls an HTTP function; `binding` is the durable client's. Answers the response's wire shape. */
  http(name: string, request: Record<string, unknown>, binding: string): Promise<TypedData | null | undefined>;
}

/** Loads CommonJS files of a Functions app into this process, supplying the module that the real worker injects. */
export function loadApp(id: string, files: readonly string[]): LoadedApp {
  const functions = new Map<string, Registered>();
  let model: Model | undefined;
  const core = {
    version: "3.9.1",
    hostVersion: "4.1037.0.0",
    Disposable: class {
      dispose(): void {}
    },
    registerHook: () => ({ dispose: () => undefined }),
    setProgrammingModel: (given: Model) => {
      model = given;
    },
    getProgrammingModel: () => model,
    log: () => undefined,
    registerFunction: (metadata: Omit<Registered, "callback">, callback: Callback) => {
      functions.set(metadata.name, { ...metadata, callback });
      return { dispose: () => undefined };
    },
  };
  const original = Module.prototype.require;
  Module.prototype.require = Object.assign(function supply(this: Module, name: string): unknown {
    return name === "@azure/functions-core" ? core : original.call(this, name);
  }, original);
  const load = createRequire(import.meta.url);
  for (const file of files) load(file);

  const invoke = async (name: string, data: TypedData | undefined, extra: string, metadata: object) => {
    const registered = functions.get(name);
    if (!registered || !model) throw new Error(`no function ${name}`);
    const inputData = Object.entries(registered.bindings)
      .filter(([, binding]) => binding.direction === "in")
      .map(([key, binding]) => ({ name: key, data: /trigger$/i.test(binding.type) ? data : { string: extra } }));
    const invocationId = randomUUID();
    const invocation = model.getInvocationModel({
      invocationId,
      request: { invocationId, inputData, triggerMetadata: metadata },
      metadata: registered,
      log: () => undefined,
    });
    const { context, inputs } = await invocation.getArguments();
    const result = await invocation.invokeFunction(context, inputs, registered.callback);
    return (await invocation.getResponse(context, result)).returnValue;
  };
  const run = async (name: string, instanceId: string, input: string | undefined): Promise<Outcome> => {
    try {
      const data = input === undefined ? undefined : { string: input };
      return { kind: "returned", value: jsonOf(await invoke(name, data, "", { instanceId: { string: instanceId } })) };
    } catch (thrown) {
      const fault = thrown instanceof Error ? thrown : new Error(String(thrown));
      return { kind: "threw", message: fault.message, stack: fault.stack ?? "", type: fault.name };
    }
  };
  const triggers = [...functions.values()].map(
    (one) => [one.name, Object.values(one.bindings).find(({ type }) => /trigger$/i.test(type))] as const,
  );
  const kinds = triggers.flatMap(([name, trigger]) => {
    const kind = trigger && KINDS[trigger.type];
    return kind ? [[name, kind] as const] : [];
  });
  return {
    worker: {
      id,
      functions: new Set(kinds.map(([name]) => name)),
      kinds: new Map(kinds),
      runOrchestrator: run,
      runActivity: run,
      runEntity: run,
    },
    routes: triggers.flatMap(([name, trigger]) =>
      trigger?.type === "httpTrigger" ? [{ name, route: trigger.route ?? name }] : [],
    ),
    http: (name, request, binding) => invoke(name, { http: request }, binding, {}),
  };
}

function jsonOf(value: TypedData | null | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (value.json !== undefined) return value.json;
  if (value.string !== undefined) return JSON.stringify(value.string);
  const number = value.int ?? value.double;
  return number === undefined ? undefined : String(number);
}
