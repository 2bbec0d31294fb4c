import { z } from "zod";
import { ParcoursError } from "../../errors.ts";
import type { Runner } from "../../ports/runner.ts";
import { ORCHESTRATOR } from "../../wire/run-call.ts";

const TIME_OUT_MS = 20_000;
const WAKE = "wake";

const status = z
  .object({ runtimeStatus: z.string(), name: z.string() })
  .transform(({ runtimeStatus, name }) => ({ state: runtimeStatus, orchestrator: name }));

/**
 * The durable host's management API. Not the SDK's own client: that one resolves silently where an instance ended
 * (410), and a wake needs to know.
 * @param rpcBaseUrl of the durable client's input binding, with a slash at the end
 */
export function durableRunner(rpcBaseUrl: string): Runner {
  const instance = (run: string, rest: string): string => `${rpcBaseUrl}instances/${encodeURIComponent(run)}${rest}`;
  return {
    async start(run, handle) {
      const answer = await post(`${rpcBaseUrl}orchestrators/${ORCHESTRATOR}/${encodeURIComponent(run)}`, handle);
      if (answer === 409) return "running";
      if (answer === 202) return "started";
      throw unavailable(`start answered ${answer}`);
    },
    async wake(run) {
      const answer = await post(instance(run, `/raiseEvent/${WAKE}`), {});
      if (answer === 404 || answer === 410) return "gone";
      if (answer === 202) return "woken";
      throw unavailable(`raiseEvent answered ${answer}`);
    },
    async terminate(run, reason) {
      const answer = await post(instance(run, `/terminate?reason=${encodeURIComponent(reason)}`), {});
      if (answer === 404 || answer === 410) return "gone";
      if (answer === 202) return "terminated";
      throw unavailable(`terminate answered ${answer}`);
    },
    async forget(run) {
      const response = await call(instance(run, ""), { method: "DELETE" });
      await response.arrayBuffer();
      // 404: it is gone already; 412: it runs, for somebody started it anew.
      if (![200, 404, 412].includes(response.status)) throw unavailable(`purge answered ${response.status}`);
    },
    async status(run) {
      const response = await call(instance(run, ""), { method: "GET" });
      const text = await response.text();
      return response.status === 404 ? undefined : status.parse(JSON.parse(text));
    },
  };
}

async function post(url: string, body: unknown): Promise<number> {
  const headers = { "content-type": "application/json" };
  const response = await call(url, { method: "POST", headers, body: JSON.stringify(body) });
  // Read to its end, so that the connection can serve the next request.
  await response.arrayBuffer();
  return response.status;
}

async function call(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...request, signal: AbortSignal.timeout(TIME_OUT_MS) });
  } catch (cause) {
    throw new ParcoursError("RUNNER_UNAVAILABLE", `the durable host did not answer: ${String(cause)}`, { cause });
  }
}

function unavailable(what: string): ParcoursError {
  return new ParcoursError("RUNNER_UNAVAILABLE", `the durable host's ${what}`);
}
