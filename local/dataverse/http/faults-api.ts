import { z } from "zod";
import { badRequest, ODataError } from "../errors.ts";
import type { ApiResponse } from "./api.ts";

const faultSchema = z.strictObject({
  webhook: z.enum(["none", "lost", "vanished", "twice"]).optional(),
  throttle: z.union([z.boolean(), z.number().min(0)]).optional(),
  down: z.boolean().optional(),
  slowMs: z.number().min(0).optional(),
  lacks: z.record(z.string(), z.array(z.string())).optional(),
});

/** Where faults are kept; what is set replaces what was. */
export interface FaultBox<Fault> {
  get(): Fault;
  set(fault: Fault): void;
}

/** `/faults`: GET reads them, POST replaces them, DELETE ends them. For those who run this part alone. */
export function faultsApi<Fault extends object>(method: string, text: string, box: FaultBox<Fault>): ApiResponse {
  if (method === "POST") box.set(faultOf(text) as Fault);
  else if (method === "DELETE") box.set({} as Fault);
  else if (method !== "GET") throw new ODataError(405, "0x80060888", `${method} is not possible here.`);
  return { status: 200, body: box.get() };
}

function faultOf(text: string): object {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw badRequest("The body is no JSON.");
  }
  const { success, data, error } = faultSchema.safeParse(given);
  if (!success) throw badRequest(z.prettifyError(error));
  return data;
}
