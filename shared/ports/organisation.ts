import type { Depth, Named } from "../domain/needed-privileges.ts";

export interface OrganisationUser {
  readonly id: string;
  readonly name: string;
  readonly disabled: boolean;
}

/** What became of a change that Dataverse was to tell. */
export type Told =
  | { readonly kind: "arrived"; readonly seconds: number }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "under-way" }
  /** No job was made of it. */
  | { readonly kind: "none" };

/**
 * What connecting asks of an organisation, once.
 * All throw DATAVERSE_UNAVAILABLE, DATAVERSE_REFUSED, DATAVERSE_FORBIDDEN.
 */
export interface Organisation {
  whoAmI(): Promise<{ readonly user: string; readonly organization: string }>;
  user(id: string): Promise<OrganisationUser | undefined>;
  /** The user that an application's client id stands for. */
  applicationUser(clientId: string): Promise<OrganisationUser | undefined>;
  /** The privileges of these tables, by their names here; a table that the organisation lacks is left out. */
  privilegesOf(tables: readonly string[]): Promise<Named>;
  /** How far the user's privileges of these names reach, whichever role or team they come from. */
  held(user: string, names: readonly string[]): Promise<ReadonlyMap<string, Depth>>;
  /** Writes a column of the user's own row with the value that it has: Dataverse tells of it, and nothing changes. */
  touch(user: string): Promise<void>;
  /** What became of the newest change that this registration was to tell. */
  told(registration: string): Promise<Told>;
}

/** The table and the column that `touch` writes. */
export const TOUCHED = { table: "systemuser", column: "nickname" } as const;
