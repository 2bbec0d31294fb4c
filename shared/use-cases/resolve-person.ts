import type { Standing } from "../domain/decision.ts";
import type { Candidate } from "../domain/event.ts";
import type { Columns } from "../domain/value.ts";
import { isReference } from "../domain/value.ts";
import { isRetryable } from "../errors.ts";
import type { Deps } from "./deps.ts";

type Needs = Pick<Deps, "dataverse" | "settings">;

/** Whom an event is about, and by which way; or why it is about nobody. */
export type Person =
  | { readonly kind: "member"; readonly member: string; readonly way: string; readonly standing: readonly Standing[] }
  | { readonly kind: "nobody"; readonly reason: string; readonly ambiguous?: true };

/** Merges form chains, but a long one is a loop in somebody's data. */
const LONGEST_CHAIN = 5;

/**
 * Tries the candidates in their order: an account stands for its primary contact, a merged contact for the one that
 * survived. A candidate that leads nowhere gives way to the next; one that leads to several persons ends the search.
 */
export async function resolvePerson(candidates: readonly Candidate[], deps: Needs): Promise<Person> {
  if (candidates.length === 0) return { kind: "nobody", reason: "the row names nobody" };
  const reasons: string[] = [];
  for (const candidate of candidates) {
    const found = await follow(candidate, deps);
    if (found.kind === "member" || found.ambiguous === true) return found;
    reasons.push(`${candidate.way}: ${found.reason}`);
  }
  return { kind: "nobody", reason: reasons.join("; ") };
}

async function follow(candidate: Candidate, deps: Needs): Promise<Person> {
  const { way, table } = candidate;
  const { dataverse } = deps;
  if ("id" in candidate) return followRow(way, table, candidate.id, deps);
  if ("through" in candidate) {
    const { through } = candidate;
    const next = (await dataverse.read(through.table, through.id, [through.column]))?.[through.column];
    if (isReference(next) && next.table === table) return followRow(way, table, next.id.toLowerCase(), deps);
    return { kind: "nobody", reason: `the ${through.table} names no ${table}` };
  }
  const { column, value } = candidate.find;
  let ids: readonly string[];
  try {
    ids = await dataverse.find(table, column, value);
  } catch (fault) {
    if (isRetryable(fault) || !(fault instanceof Error)) throw fault;
    // The column is gone, or the value is of another type: nobody is found so, today or tomorrow.
    return { kind: "nobody", reason: fault.message };
  }
  const [id, another] = ids;
  if (id === undefined) return { kind: "nobody", reason: `no active ${table} has this ${column}` };
  if (another !== undefined)
    return { kind: "nobody", reason: `more than one active ${table} has this ${column}`, ambiguous: true };
  return followRow(way, table, id, deps);
}

async function followRow(way: string, table: Candidate["table"], id: string, deps: Needs): Promise<Person> {
  const { dataverse, settings } = deps;
  switch (table) {
    case "account": {
      const account = await dataverse.read("account", id, ["primarycontactid"]);
      if (account === undefined) return { kind: "nobody", reason: "the account is gone" };
      const contact = referenceIn(account, "primarycontactid");
      if (contact === undefined) return { kind: "nobody", reason: "the account has no primary contact" };
      return survivor(contact, `${way}→primarycontactid`, deps);
    }
    case "contact":
      return survivor(id, way, deps);
    case "lead": {
      const lead = await dataverse.read("lead", id, ["statecode", settings.addressColumn]);
      if (lead === undefined) return { kind: "nobody", reason: "the lead is gone" };
      return { kind: "member", member: `lead:${id}`, way, standing: standingOf(lead, settings) };
    }
  }
}

async function survivor(id: string, way: string, { dataverse, settings }: Needs): Promise<Person> {
  const columns = ["merged", "masterid", "statecode", settings.addressColumn];
  let current = id;
  for (let hop = 0; hop < LONGEST_CHAIN; hop += 1) {
    const contact = await dataverse.read("contact", current, columns);
    if (contact === undefined) return { kind: "nobody", reason: "the contact is gone" };
    const master = masterOf(contact);
    const standing = standingOf(contact, settings);
    if (master === undefined)
      return {
        kind: "member",
        member: `contact:${current}`,
        way,
        standing: hop === 0 ? standing : ["merged", ...standing],
      };
    current = master;
  }
  return { kind: "nobody", reason: "the contact was merged in a circle" };
}

/** What a person's row says against writing to them, as it is now: the send looks again, and decides. */
function standingOf(row: Columns, { addressColumn }: Needs["settings"]): Standing[] {
  const address = row[addressColumn];
  const reachable = typeof address === "string" && address.trim() !== "";
  const inactive = typeof row.statecode === "number" && row.statecode !== 0;
  return [...(inactive ? ["inactive" as const] : []), ...(reachable ? [] : ["no-address" as const])];
}

/** The contact that a merged one became; undefined for one that was not merged. */
export function masterOf(contact: Columns): string | undefined {
  return contact.merged === true ? referenceIn(contact, "masterid") : undefined;
}

function referenceIn(row: Columns, column: string): string | undefined {
  const value = row[column];
  return isReference(value) ? value.id.toLowerCase() : undefined;
}
