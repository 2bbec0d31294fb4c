import type { Candidate, TriggerEvent } from "../domain/event.ts";
import type { CustomTrigger } from "../domain/trigger.ts";
import type { Columns } from "../domain/value.ts";
import { hash } from "../stores/hash.ts";
import type { Caller, CustomEvent, Named } from "../wire/custom-event.ts";
import type { Settings } from "./deps.ts";

/** A custom event as a trigger event. Its person is still to be found, by the candidates in their order. */
export function customTriggerEvent(
  trigger: CustomTrigger,
  caller: Caller,
  event: CustomEvent,
  columns: ReadonlySet<string>,
  now: number,
  settings: Pick<Settings, "addressColumn">,
): TriggerEvent {
  const received = new Date(now).toISOString();
  return {
    id: idOf(trigger, caller, event, received),
    trigger: trigger.slug,
    change: null,
    at: event.occurredAt ?? received,
    received,
    record: event.record,
    candidates: candidatesOf(trigger, event.person, settings),
    member: null,
    run: null,
    step: null,
    before: {},
    after: Object.fromEntries(Object.entries(event.attributes).filter(([name]) => columns.has(name))),
    changeRef: null,
    by: null,
    depth: 1,
    tag: null,
    message: null,
    hops: 0,
  };
}

/**
 * The sender's own key makes the id; without one, what the event says does, and where it names no time, the day too:
 * what is sent again because no answer came is the same event, what is said again next week is not. Callers are kept
 * apart: a page must not be able to take the key of an event that a server is about to send.
 */
function idOf(trigger: CustomTrigger, caller: Caller, event: CustomEvent, received: string): string {
  if (event.idempotencyKey !== null) return hash("custom", caller, trigger.slug, event.idempotencyKey);
  const { person, record, attributes } = event;
  const when = event.occurredAt ?? received.slice(0, "2026-03-01".length);
  return hash("custom-content", caller, trigger.slug, JSON.stringify([person, when, record, sorted(attributes)]));
}

function sorted(attributes: Columns): unknown {
  return Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Whom the event may be about. An address is looked for in the trigger's tables, in their order; a key where the trigger says. */
export function candidatesOf(
  { person: { tables, keys } }: CustomTrigger,
  named: Named,
  { addressColumn }: Pick<Settings, "addressColumn">,
): Candidate[] {
  switch (named.by) {
    case "id":
      return [{ way: named.table, table: named.table, id: named.id }];
    case "email":
      return tables.map((table) => ({
        way: `${table} by e-mail`,
        table,
        find: { column: addressColumn, value: named.email },
      }));
    case "key":
      return keys
        .filter(({ column }) => column === named.column)
        .map(({ table, column }) => ({ way: `${table} by ${column}`, table, find: { column, value: named.value } }));
  }
}
