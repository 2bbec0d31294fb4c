import type { Outcome } from "../durable/worker.ts";
import type { InvocationResponse, TypedData } from "./core-types.ts";
import type { FunctionApp } from "./function-app.ts";
import type { Episode, Histories } from "./histories.ts";
import { asError, type Invoker } from "./invoker.ts";

export type WorkKind = "orchestrator" | "activity" | "entity";

export interface WorkItem {
  readonly kind: WorkKind;
  readonly name: string;
  readonly instanceId: string;
  /** JSON text; undefined where an activity was given nothing. */
  readonly input: string | undefined;
  /** In the place of an orchestrator's input, where its history was told before. */
  readonly episode?: Episode;
}

/** The beginning of an episode's history is not here any more: it is to be told from the start. */
export type Forgotten = { readonly kind: "forgotten" };

/** Runs one item of the durable scheduler and says what came of it. Faults of user code are outcomes, not errors. */
export async function runWork(
  app: FunctionApp,
  invoker: Invoker,
  item: WorkItem,
  histories: Histories,
): Promise<Outcome | Forgotten> {
  const fn = app.find(item.name);
  if (fn === undefined || fn.trigger.type !== TRIGGER_TYPES[item.kind])
    return { kind: "threw", message: `There is no ${item.kind} function named "${item.name}".` };
  const parsed = item.episode && histories.trigger(item.instanceId, item.episode);
  if (item.episode !== undefined && parsed === undefined) return { kind: "forgotten" };
  try {
    // The scheduler has put an activity's input as the real host does; one that was given nothing gets nothing.
    const nothing = item.kind === "activity" && item.input === undefined;
    const data = nothing ? undefined : parsed === undefined ? { string: item.input ?? "" } : { json: "null" };
    const metadata = { instanceId: textData(item.instanceId) };
    return { kind: "returned", value: jsonOf(await invoker.invoke(fn, { data, metadata, parsed })) };
  } catch (thrown) {
    const error = asError(thrown);
    return { kind: "threw", message: error.message, stack: error.stack ?? "", type: error.name };
  }
}

/** Text that no JSON parser would take. */
const NO_JSON = /^(?![\s"[{])(?!-?\d+(\.\d+)?([eE][-+]?\d+)?\s*$)(?!(true|false|null)\s*$)/;

/** The programming model tries to parse each text; an instance's id that it fails at costs as much as a whole replay. */
function textData(text: string): TypedData {
  return NO_JSON.test(text) ? { json: JSON.stringify(text) } : { string: text };
}

const TRIGGER_TYPES = {
  orchestrator: "orchestrationtrigger",
  activity: "activitytrigger",
  entity: "entitytrigger",
} as const;

function jsonOf({ returnValue }: InvocationResponse): string | undefined {
  if (returnValue === null || returnValue === undefined) return undefined;
  if (returnValue.json !== undefined) return returnValue.json;
  if (returnValue.string !== undefined) return JSON.stringify(returnValue.string);
  if (returnValue.int !== undefined) return String(returnValue.int);
  if (returnValue.double !== undefined) return String(returnValue.double);
  if (returnValue.bytes !== undefined) return JSON.stringify(Buffer.from(returnValue.bytes).toString("base64"));
  return undefined;
}
