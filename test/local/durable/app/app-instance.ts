import { fileURLToPath } from "node:url";
import { Worker as Thread } from "node:worker_threads";
import { InstanceGone, type Outcome, type Worker } from "../../../../local/durable/worker.ts";
import type { TypedData } from "./load-app.ts";

type Kind = "runOrchestrator" | "runActivity" | "runEntity" | "http";

interface Hello {
  readonly functions: string[];
  readonly kinds: [string, "orchestrator" | "activity" | "entity"][];
  readonly routes: { name: string; route: string }[];
}

/** An app instance in a thread of its own; `kill` ends it at once, and what it had under way is gone. */
export interface AppInstance {
  readonly worker: Worker;
  readonly routes: readonly { readonly name: string; readonly route: string }[];
  http(name: string, request: Record<string, unknown>, binding: string): Promise<TypedData | undefined>;
  kill(): Promise<void>;
}

export async function startApp(id: string, ...files: string[]): Promise<AppInstance> {
  const thread = new Thread(fileURLToPath(new URL("app-thread.ts", import.meta.url)), { workerData: { id, files } });
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (fault: Error) => void }>();
  let calls = 0;
  const hello = await new Promise<Hello>((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
  });
  thread.on("message", ({ call, answer }: { call: number; answer: unknown }) => {
    waiting.get(call)?.resolve(answer);
    waiting.delete(call);
  });
  thread.on("exit", () => {
    for (const { reject } of waiting.values()) reject(new InstanceGone(id));
    waiting.clear();
  });
  const ask = <T>(kind: Kind, name: string, instanceId: string, input: string | undefined, request?: object) =>
    new Promise<T>((resolve, reject) => {
      const call = calls++;
      waiting.set(call, { resolve: (answer) => resolve(answer as T), reject });
      thread.postMessage({ call, kind, name, instanceId, input, request });
    });
  const run = (kind: Kind) => (name: string, instanceId: string, input: string | undefined) =>
    ask<Outcome>(kind, name, instanceId, input);
  return {
    routes: hello.routes,
    worker: {
      id,
      functions: new Set(hello.functions),
      kinds: new Map(hello.kinds),
      runOrchestrator: run("runOrchestrator"),
      runActivity: run("runActivity"),
      runEntity: run("runEntity"),
    },
    http: (name, request, binding) => ask("http", name, "", binding, request),
    kill: async () => {
      await thread.terminate();
    },
  };
}
