import type { Answered } from "./http.ts";

/** A fault as the host's web API reports it. */
export function wrong(status: number, message: string, exception: string, type: string): Answered {
  const body = { Message: message, ExceptionMessage: exception, ExceptionType: type, StackTrace: STACK };
  return { status, body };
}

/** The frame that all of them have; the others are of the host's build and say nothing here. */
const STACK = "   at Microsoft.Azure.WebJobs.Extensions.DurableTask.HttpApiHandler.HandleRequestAsync";

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
  const first = text.trimStart()[0];
  const why =
    first === undefined
      ? "Error reading JToken from JsonReader. Path '', line 0, position 0."
      : `Unexpected character encountered while parsing value: ${first}. Path '', line 0, position 0.`;
  return wrong(400, "Invalid JSON content", why, "Newtonsoft.Json.JsonReaderException");
}
