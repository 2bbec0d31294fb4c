/** What Parcours's user may do in Dataverse: the security role, as a list. `npm run connect` and docs/connect.md use it. */

export type Right = "Create" | "Read" | "Write" | "Delete";

/** How far a privilege reaches: the user's own rows, the business unit, those below it too, the whole organisation. */
export const DEPTHS = ["Basic", "Local", "Deep", "Global"] as const;
export type Depth = (typeof DEPTHS)[number];

export interface Needed {
  readonly table: string;
  readonly rights: readonly Right[];
  readonly why: string;
}

const ALL: readonly Right[] = ["Create", "Read", "Write", "Delete"];

/**
 * Whatever the triggers are about. All for the whole organisation. Reading tables' definitions and the filters of
 * messages needs no privilege (Dynamics 365 reference: RetrieveAttribute, RetrieveOptionSet and RetrieveRelationship
 * message privileges; SdkMessageFilter entity privileges).
 */
export const ALWAYS_NEEDED: readonly Needed[] = [
  { table: "serviceendpoint", rights: ALL, why: "the webhook's address and its key" },
  { table: "sdkmessageprocessingstep", rights: ALL, why: "what Dataverse tells, table by table" },
  { table: "sdkmessageprocessingstepimage", rights: ALL, why: "the values before and after a change" },
  { table: "sdkmessage", rights: ["Read"], why: "the messages that can be told: create, update, delete" },
  { table: "asyncoperation", rights: ["Read"], why: "system jobs: what was told, what is on its way, and what failed" },
  { table: "systemuser", rights: ["Read"], why: "who changed a row, and owners who get mails" },
  {
    table: "contact",
    rights: ["Read", "Write"],
    why: "the people: address, language, consent; that they unsubscribed",
  },
  { table: "lead", rights: ["Read", "Write"], why: "the people: address, language, consent; that they unsubscribed" },
  { table: "account", rights: ["Read"], why: "the people: an account's primary contact" },
];

/** Optional, of no table that is asked about: with them a backtest counts past changes by what they replaced. */
export const USEFUL: readonly string[] = ["prvReadOrganization", "prvReadAuditSummary", "prvReadRecordAuditHistory"];

/** With the tables that triggers are about, and those that journeys write. */
export function neededFor(triggers: readonly string[], written: readonly string[]): readonly Needed[] {
  const needed = [
    ...ALWAYS_NEEDED,
    ...triggers.map((table): Needed => ({ table, rights: ["Read"], why: "triggers are about it" })),
    ...written.map((table): Needed => ({ table, rights: ["Create", "Read", "Write"], why: "journeys write it" })),
  ];
  const byTable = new Map<string, Needed>();
  for (const { table, rights, why } of needed) {
    const before = byTable.get(table);
    const all = ALL.filter((right) => rights.includes(right) || before?.rights.includes(right));
    byTable.set(table, { table, rights: all, why: before === undefined ? why : `${before.why}; ${why}` });
  }
  return [...byTable.values()];
}

/** A table's privileges by right, as the organisation names them; undefined where it has no such table. */
export type Named = ReadonlyMap<string, ReadonlyMap<Right, string>>;

export interface Lack {
  readonly table: string;
  readonly right: Right;
  readonly privilege: string;
  readonly why: string;
  /** How far it reaches now; null where the user does not have it at all. */
  readonly held: Depth | null;
}

export interface PrivilegeCheck {
  readonly lacking: readonly Lack[];
  /** Tables that this organisation does not have: nothing can be about them. */
  readonly absent: readonly string[];
  readonly held: number;
  /** Of what is useful, those that are not held. */
  readonly without: readonly string[];
}

/** What the user lacks of what is needed. A right that has no privilege of its own on a table needs none. */
export function checkPrivileges(
  needed: readonly Needed[],
  named: Named,
  depthOf: ReadonlyMap<string, Depth>,
): PrivilegeCheck {
  const lacking: Lack[] = [];
  const absent: string[] = [];
  let held = 0;
  for (const { table, rights, why } of needed) {
    const names = named.get(table);
    if (names === undefined) absent.push(table);
    for (const right of rights) {
      const privilege = names?.get(right);
      if (privilege === undefined) continue;
      const depth = depthOf.get(privilege) ?? null;
      if (depth === "Global") held += 1;
      else lacking.push({ table, right, privilege, why, held: depth });
    }
  }
  const without = USEFUL.filter((privilege) => depthOf.get(privilege) !== "Global");
  return { lacking, absent, held, without };
}
