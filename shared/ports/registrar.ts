import type { Found, Operation } from "../domain/registration/registration.ts";

export interface Failing {
  /** 50 stands for all that are more. */
  readonly count: number;
  /** When the latest one failed, ISO 8601, and what Dataverse says of it. */
  readonly at: string;
  readonly said: string;
}

/**
 * What Parcours has registered in an organisation, and changes to it. It sees and touches only what belongs to
 * Parcours's own endpoint.
 * All throw DATAVERSE_UNAVAILABLE; DATAVERSE_FORBIDDEN naming the privilege that is missing, and its table;
 * DATAVERSE_REFUSED.
 */
export interface Registrar {
  find(): Promise<Found>;
  /** The table's columns as they are now, none out of a cache; undefined where the organisation has no such table. */
  columns(table: string): Promise<ReadonlySet<string> | undefined>;
  /** Whether changes made before this instant (milliseconds) still wait in Dataverse to be told to Parcours. */
  underWay(before: number): Promise<boolean>;
  /** Calls of the webhook that failed since this instant (milliseconds), the latest one's words; null where none did. */
  failing(since: number): Promise<Failing | null>;
  /** Does one operation, whole or not at all. What it would delete and is gone already is fine. */
  apply(operation: Operation): Promise<void>;
}
