import { parentPort, workerData } from "node:worker_threads";
import { loadApp } from "./load-app.ts";

/** A thread with the real module loader (a test's own cannot be patched), in which one app instance lives. */
export interface ThreadRequest {
  readonly call: number;
  readonly kind: "runOrchestrator" | "runActivity" | "runEntity" | "http";
  readonly name: string;
  readonly instanceId: string;
  readonly input: string | undefined;
  readonly request?: Record<string, unknown>;
}

const { id, files } = workerData as { id: string; files: string[] };
const app = loadApp(id, files);

parentPort?.on("message", async ({ call, kind, name, instanceId, input, request }: ThreadRequest) => {
  const answer = await (kind === "http"
    ? app.http(name, request ?? {}, input ?? "")
    : kind === "runActivity"
      ? app.worker.runActivity(name, instanceId, input)
      : app.worker[kind](name, instanceId, input ?? "")
  ).catch((fault: unknown) => ({ fault: String(fault) }));
  parentPort?.postMessage({ call, answer });
});

parentPort?.postMessage({
  functions: [...app.worker.functions],
  kinds: [...(app.worker.kinds ?? [])],
  routes: app.routes,
});
