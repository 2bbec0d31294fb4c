import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Table } from "../catalogue/types.ts";
import { ODataError } from "../errors.ts";
import { stableId } from "../store/stable-id.ts";

export type Right = "Create" | "Read" | "Write" | "Delete";

/** Names of privileges by user id; under `*`, what everybody lacks. */
export type Lacking = Readonly<Record<string, readonly string[]>>;

export interface Privilege {
  readonly PrivilegeId: string;
  readonly Name: string;
  readonly PrivilegeType: Right;
}

const RIGHTS: readonly Right[] = ["Create", "Read", "Write", "Delete"];
/** Privileges are named after the table's schema name, but for some old tables; filters of messages have none. */
const NAMED: Readonly<Record<string, string | null>> = { systemuser: "User", sdkmessagefilter: null, audit: null };

const AUDITS = "prvReadAuditSummary";

/** Privileges of no table, such as stand among a role's miscellaneous ones. */
const OTHERS: readonly string[] = ["prvReadAuditSummary", "prvReadRecordAuditHistory"];

/** What users may do. Everybody is a system administrator here, but for what was taken from them. */
export class Privileges {
  readonly #catalogue: Catalogue;
  lacking: Lacking = {};

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** The privileges that exist on a table. */
  of(table: Table): Privilege[] {
    const suffix = NAMED[table.name] === undefined ? table.schemaName : NAMED[table.name];
    if (suffix == null) return [];
    return RIGHTS.map((right) => {
      const Name = `prv${right}${suffix}`;
      return { PrivilegeId: stableId("privilege", Name), Name, PrivilegeType: right };
    });
  }

  heldBy(user: string): Privilege[] {
    const lacking = new Set([...(this.lacking["*"] ?? []), ...(this.lacking[user] ?? [])]);
    const others = OTHERS.map(
      (Name) => ({ PrivilegeId: stableId("privilege", Name), Name, PrivilegeType: "Read" }) as const,
    );
    const all = [...this.#catalogue.all().flatMap((table) => this.of(table)), ...others];
    return all.filter(({ Name }) => !lacking.has(Name));
  }

  /** Whether a privilege that belongs to no table was taken from the user. */
  lacks(user: string, privilege: string): boolean {
    return [...(this.lacking["*"] ?? []), ...(this.lacking[user] ?? [])].includes(privilege);
  }

  /** @throws ODataError 403, in Dataverse's words */
  check(user: string, right: Right, table: Table): void {
    const privilege = this.#neededFor(right, table);
    if (privilege === undefined || !this.lacks(user, privilege.Name)) return;
    const { Name, PrivilegeId } = privilege;
    throw new ODataError(
      403,
      "0x80040220",
      `Principal user (Id=${user}, type=8) is missing ${Name} privilege (Id=${PrivilegeId}) on OTC=${table.typeCode} for entity '${table.name}'.`,
    );
  }

  #neededFor(right: Right, table: Table): Privilege | undefined {
    // The one table whose reading has a privilege of another name.
    if (table.name === "audit")
      return { PrivilegeId: stableId("privilege", AUDITS), Name: AUDITS, PrivilegeType: right };
    return this.of(table).find(({ PrivilegeType }) => PrivilegeType === right);
  }
}
