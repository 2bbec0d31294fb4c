import type { CustomTrigger } from "../domain/trigger.ts";
import type { BusMessage } from "../ports/bus.ts";
import { hash } from "../stores/hash.ts";
import { type Caller, MOST_EVENTS, readCustomEvents } from "../wire/custom-event.ts";
import { keyMatches } from "./check-key.ts";
import { candidatesOf, customTriggerEvent } from "./custom-trigger-event.ts";
import type { Deps } from "./deps.ts";
import { eventMessage } from "./interaction-event.ts";
import { publishOrSpill } from "./publish-or-spill.ts";
import { type Stated, statePersons } from "./state-person.ts";

type Needs = Pick<Deps, "bus" | "catalogue" | "clock" | "dataverse" | "lanes" | "limits" | "settings" | "spill">;

export interface CustomDelivery {
  readonly trigger: string;
  readonly key: string | undefined;
  /** The header that browsers send, and only they. */
  readonly origin: string | undefined;
  readonly body: string;
}

export interface Taken extends Stated {
  readonly id: string;
}

interface Problem {
  readonly at: string;
  readonly problem: string;
}

/** What became of one request. */
export type CustomReceived =
  | { readonly kind: "taken" | "spilled"; readonly events: readonly Taken[] }
  | { readonly kind: "wrong-key" | "foreign-origin" | "missing" | "too-large"; readonly problem: string }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] }
  | { readonly kind: "throttled"; readonly retryAfterMs: number }
  | { readonly kind: "unavailable"; readonly problem: string };

/** In characters: a hundred events of an ordinary size, with room. */
const LONGEST_BODY = 1_000_000;

/** The way in for other systems: key, trigger, rate, schema, person, publish. Nothing taken is lost (rule 8). */
export async function receiveCustomEvents(delivery: CustomDelivery, deps: Needs): Promise<CustomReceived> {
  const caller = callerOf(delivery, deps);
  if (typeof caller !== "string") return caller;
  if (delivery.body.length > LONGEST_BODY)
    return { kind: "too-large", problem: `over ${LONGEST_BODY} characters: send smaller batches` };
  try {
    const trigger = (await deps.catalogue.current()).custom.get(delivery.trigger);
    return trigger === undefined
      ? { kind: "missing", problem: `there is no published custom trigger "${delivery.trigger}"` }
      : await receive(trigger, caller, delivery, deps);
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    return { kind: "unavailable", problem: `the events could not be kept: ${why}` };
  }
}

function callerOf({ key, origin }: CustomDelivery, deps: Needs): Caller | CustomReceived {
  const { ingestionKeys, browserKeys, browserOrigins } = deps.settings;
  if (keyMatches(key, ingestionKeys)) return "server";
  if (!keyMatches(key, browserKeys)) return { kind: "wrong-key", problem: "the key in x-parcours-key is not valid" };
  if (origin !== undefined && browserOrigins.includes(origin)) return "browser";
  return { kind: "foreign-origin", problem: "this key is for pages of the origins in PARCOURS_BROWSER_ORIGINS alone" };
}

async function receive(
  trigger: CustomTrigger,
  caller: Caller,
  { key = "", body }: CustomDelivery,
  deps: Needs,
): Promise<CustomReceived> {
  const now = deps.clock.now();
  const document = jsonOf(body);
  if (document === undefined) return { kind: "invalid", problems: [{ at: "body", problem: "is no JSON" }] };
  const cost = Array.isArray(document) ? Math.min(MOST_EVENTS, Math.max(1, document.length)) : 1;
  const { ingestionPerMinute, browserPerMinute } = deps.settings;
  const perMinute = caller === "server" ? ingestionPerMinute : browserPerMinute;
  const wait = deps.limits.take(`${caller}:${hash(key)}`, cost, perMinute);
  if (wait > 0) return { kind: "throttled", retryAfterMs: wait };

  const read = readCustomEvents(trigger, caller, document, now);
  if (read.kind === "invalid") return read;
  const columns = (await deps.catalogue.current()).columns.get(trigger.slug) ?? new Set();
  const events = read.events.map((event) => customTriggerEvent(trigger, caller, event, columns, now, deps.settings));
  const stated =
    caller === "server"
      ? await statePersons(
          read.events.map((event) => candidatesOf(trigger, event.person, deps.settings)),
          deps,
        )
      : // A key that anybody can read must not tell whose address is known here.
        events.map((): Stated => ({ outcome: "accepted" }));
  const messages = events.map((event, n): BusMessage => {
    // Once the person is there, the sender may try again with the same event: the topic must not take it for a double.
    const known = stated[n]?.outcome === "accepted";
    return eventMessage(event, known ? event.id : hash(event.id, "unknown", String(now)));
  });
  const kind = (await publishOrSpill(deps.lanes.paced(messages), now, deps)) === "published" ? "taken" : "spilled";
  return { kind, events: events.map(({ id }, n) => ({ id, ...(stated[n] ?? { outcome: "accepted" }) })) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
