import type { PersonTable } from "./metadata.ts";
import { type Columns, isReference } from "./value.ts";

/** What a way leads to from one row: a person who can be written to, or why not. */
export const REACHES = ["reached", "no-address", "inactive", "no-primary-contact", "nobody"] as const;
export type Reached = (typeof REACHES)[number];

export interface Reach {
  readonly outcome: Reached;
  /** `contact:<id>`; null where the way ends before a person. */
  readonly member: string | null;
  /** The person was merged into another one, who is meant now. */
  readonly merged: boolean;
}

export interface Target {
  readonly table: PersonTable;
  readonly id: string;
}

/** Rows of people by id, each with the columns that `reachOf` asks. */
export type People = Readonly<Record<PersonTable, ReadonlyMap<string, Columns>>>;

/** Merges form chains, but a long one is a loop in somebody's data. */
const LONGEST_CHAIN = 5;

/** Whom a target stands for, by the rule that events follow: accounts by their primary contact, merged ones by whom they became. */
export function reachOf(target: Target | undefined, people: People, addressColumn: string): Reach {
  if (target === undefined) return NOBODY;
  if (target.table === "account") {
    const account = people.account.get(target.id);
    if (account === undefined) return NOBODY;
    const contact = account.primarycontactid;
    if (!isReference(contact)) return { ...NOBODY, outcome: "no-primary-contact" };
    return ofContact(contact.id, people, addressColumn);
  }
  if (target.table === "contact") return ofContact(target.id, people, addressColumn);
  return ofPerson(`lead:${target.id}`, people.lead.get(target.id), addressColumn, false);
}

/** The first target that leads to a person decides, whether or not that person has an address: as for events. */
export function reachOfFirst(targets: readonly (Target | undefined)[], people: People, addressColumn: string): Reach {
  const reaches = targets.map((target) => reachOf(target, people, addressColumn));
  return (
    reaches.find(({ member }) => member !== null) ??
    reaches.find(({ outcome }) => outcome === "no-primary-contact") ??
    NOBODY
  );
}

const NOBODY: Reach = { outcome: "nobody", member: null, merged: false };

function ofContact(id: string, { contact }: People, addressColumn: string): Reach {
  let current = id;
  for (let hop = 0; hop < LONGEST_CHAIN; hop += 1) {
    const master = masterIn(contact.get(current));
    if (master === undefined) return ofPerson(`contact:${current}`, contact.get(current), addressColumn, hop > 0);
    current = master;
  }
  return NOBODY;
}

/** The contact that a merged one became. */
export function masterIn(contact: Columns | undefined): string | undefined {
  return contact?.merged === true && isReference(contact.masterid) ? contact.masterid.id : undefined;
}

function ofPerson(member: string, person: Columns | undefined, addressColumn: string, merged: boolean): Reach {
  if (person === undefined) return NOBODY;
  const address = person[addressColumn];
  const hasAddress = typeof address === "string" && address.trim() !== "";
  const active = typeof person.statecode !== "number" || person.statecode === 0;
  return { outcome: !active ? "inactive" : hasAddress ? "reached" : "no-address", member, merged };
}
