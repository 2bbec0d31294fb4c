import type { Answered } from "./http.ts";

/** A fault as the host's web API reports it. */
export function wrong(status: number, message: string, exception: string, type: string): Answered {
  const body = { Message: message, ExceptionMessage: exception, ExceptionType: type, StackTrace: STACK };
  return { status, body };
}

/** The frame that all of them have; the others are of the host's build and say nothing here. */
const STACK = "   at Microsoft.Azure.WebJobs.Extensions.DurableTask.HttpApiHandler.HandleRequestAsync";

export function alreadyExists(status: string): string {
  return `An Orchestration instance with the status ${status} already exists.`;
}

/** The host's words for a function that is not there. */
export function unknownFunction(name: string, kind: "orchestrator" | "entity", known: readonly string[]): string {
  const names = known.map((one) => `'${one}'`).join(", ");
  return `The function '${name}' doesn't exist, is disabled, or is not an ${kind} function. Additional info: The following are the known ${kind} functions: ${names}.`;
}

export type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

export function parsedJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false };
  }
}

/** Text that is no JSON, in the words of the host's own parser. */
export function invalidJson(text: string): Answered {
  return wrong(400, "Invalid JSON content", whyInvalid(text), "Newtonsoft.Json.JsonReaderException");
}

export function whyInvalid(text: string): string {
  const first = text.trimStart()[0];
  if (first === undefined) return "Error reading JToken from JsonReader. Path '', line 0, position 0.";
  return `Unexpected character encountered while parsing value: ${first}. Path '', line 0, position 0.`;
}
