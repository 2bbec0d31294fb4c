import { randomUUID } from "node:crypto";

/** As .NET's `Guid.ToString("N")`: instances that were given no id, children and executions after continueAsNew. */
export function newExecutionId(): string {
  return randomUUID().replaceAll("-", "");
}

/** The execution of an instance that a client started has dashes. */
export function newClientExecutionId(): string {
  return randomUUID();
}
