import type { Columns } from "../domain/value.ts";

/** Windows language ids, as Dataverse keeps them, of the languages that people write in here. */
const BY_LCID: Readonly<Record<number, string>> = {
  1033: "en",
  2057: "en",
  1036: "fr",
  3084: "fr",
  1031: "de",
  1034: "es",
  3082: "es",
  1040: "it",
  1043: "nl",
};

/** A person's language out of a column that holds `fr`, `fr-FR` or 1036; undefined where it says nothing. */
export function languageOf(person: Columns, column: string | null): string | undefined {
  const value = column === null ? undefined : person[column];
  if (typeof value === "number") return BY_LCID[value];
  if (typeof value !== "string") return undefined;
  const code = value.slice(0, 2).toLowerCase();
  return /^[a-z]{2}$/.test(code) ? code : BY_LCID[Number(value)];
}
