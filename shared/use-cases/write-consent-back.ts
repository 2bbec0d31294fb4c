import { ownTag, type TriggerEvent } from "../domain/event.ts";
import type { Columns } from "../domain/value.ts";
import { isRetryable } from "../errors.ts";
import { hash } from "../stores/hash.ts";
import type { Deps } from "./deps.ts";
import { masterOf } from "./resolve-person.ts";
import { readMember } from "./values.ts";

/** More hops than this are a loop in somebody's data. */
const LONGEST_CHAIN = 5;
const REFUSES_BULK = "donotbulkemail";

/**
 * Tells Dataverse that a person wants no more commercial mail, so that whoever else sends from there knows. The address
 * is suppressed whether or not this succeeds: what can't be written is parked.
 */
export async function writeConsentBack(
  event: TriggerEvent,
  deps: Pick<Deps, "clock" | "dataverse" | "parked">,
): Promise<void> {
  if (event.member === null) return;
  const { member, person } = await survivorOf(event.member, deps);
  if (Object.keys(person).length === 0 || person[REFUSES_BULK] === true) return;
  const [table = "", id = ""] = member.split(":");
  try {
    await deps.dataverse.update(table, id, { [REFUSES_BULK]: true }, ownTag(event.hops + 1));
  } catch (fault) {
    if (isRetryable(fault)) throw fault;
    const reason = fault instanceof Error ? fault.message : String(fault);
    const body = JSON.stringify(event);
    const item = { id: hash("consent-back", event.id), at: deps.clock.now(), source: "trigger-events" } as const;
    await deps.parked.put({ ...item, kind: "permanent", reason, body, journey: null });
  }
}

async function survivorOf(
  member: string,
  deps: Pick<Deps, "dataverse">,
): Promise<{ readonly member: string; readonly person: Columns }> {
  let current = member;
  for (let hop = 0; ; hop += 1) {
    const merges = current.startsWith("contact:") ? ["merged", "masterid"] : [];
    const person = await readMember(current, [REFUSES_BULK, ...merges], deps);
    const master = masterOf(person);
    if (master === undefined || hop >= LONGEST_CHAIN) return { member: current, person };
    current = `contact:${master}`;
  }
}
