import type { InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { type Runner, runnerAt } from "../shared/services.ts";

/** The extra input of every function that starts or wakes runs. */
export const durableClient = df.input.durableClient();

/** The runner at the address that the host gave this invocation. */
export function runnerOf(context: InvocationContext): Runner {
  return runnerAt(context.extraInputs.get(durableClient));
}
