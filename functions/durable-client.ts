import type { InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { type Runner, runnerAt } from "../shared/services.ts";

/** The extra input of every function that starts or wakes runs. */
export const durableClient = df.input.durableClient();

/** The runner at the address that the host gave this invocation. */
export function runnerOf(context: InvocationContext): Runner {
  return runnerAt(context.extraInputs.get(durableClient));
}

/** Where the host itself shows an instance; the address holds the host's own key, so only who may see it gets it. */
export function statusUrlOf(context: InvocationContext, run: string): string | undefined {
  const binding: unknown = context.extraInputs.get(durableClient);
  if (typeof binding !== "object" || binding === null || !("managementUrls" in binding)) return undefined;
  const urls = binding.managementUrls;
  if (typeof urls !== "object" || urls === null) return undefined;
  if (!("statusQueryGetUri" in urls) || typeof urls.statusQueryGetUri !== "string") return undefined;
  return urls.statusQueryGetUri.replace("INSTANCEID", encodeURIComponent(run));
}
