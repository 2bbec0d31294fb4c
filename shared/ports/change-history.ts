import type { Audited, NotKept } from "../domain/history.ts";

export type History =
  | {
      readonly kind: "kept";
      /** Newest first. */
      readonly changes: readonly Audited[];
      /** There were more than were asked for. */
      readonly more: boolean;
      /** Older ones are deleted by now, ISO 8601; null where they are kept for ever. */
      readonly since: string | null;
      /** Columns of the table whose changes are not kept. */
      readonly unaudited: ReadonlySet<string>;
    }
  | { readonly kind: "not-kept"; readonly why: NotKept };

/** What an organisation remembers of past changes. */
export interface ChangeHistory {
  /**
   * A table's changes since a moment (ISO 8601), at most so many; of these records alone, if they are named.
   * @throws DATAVERSE_UNAVAILABLE, DATAVERSE_REFUSED
   */
  read(
    table: string,
    ask: { readonly since: string; readonly most: number; readonly records?: readonly string[] },
  ): Promise<History>;
}
