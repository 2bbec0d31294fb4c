import { AppInstance as Process } from "../../../../local/platform/app-instance.ts";
import { fixtureApp } from "../../platform/tiny-app.ts";
import { type AppInstance, startApp } from "./app-instance.ts";

/**
 * The recorded app in the real process of an app instance, which runs its orchestrators, activities and entities. Its
 * HTTP functions, which need the front door of a whole platform, are served by a thread beside it.
 */
export async function startHosted(id: string, ...files: string[]): Promise<AppInstance> {
  const beside = await startApp(id, ...files);
  const process = new Process({
    id,
    start: {
      kind: "start",
      appDir: fixtureApp("recorded"),
      offsetMs: 0,
      faults: {},
      clientBinding: "{}",
      keys: { master: "", function: "" },
    },
    settings: {},
    log: () => undefined,
  });
  await process.whenReady;
  return {
    ...beside,
    worker: {
      id,
      functions: beside.worker.functions,
      ...(beside.worker.kinds && { kinds: beside.worker.kinds }),
      runOrchestrator: (...all) => process.runOrchestrator(...all),
      runActivity: (...all) => process.runActivity(...all),
      runEntity: (...all) => process.runEntity(...all),
    },
    kill: async () => {
      process.kill();
      await Promise.all([process.whenGone, beside.kill()]);
    },
  };
}
