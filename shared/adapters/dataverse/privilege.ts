/** A right that Parcours's user lacks: `Create` on `SdkMessageProcessingStep`. */
export interface Lack {
  readonly right: string;
  /** By its schema name, as the lists of roles show it. */
  readonly on: string;
  readonly privilege: string;
}

const PRIVILEGE = /missing (prv\w+) privilege|PrivilegeName: (prv\w+)/i;
const PARTS = /^prv(Create|Read|Write|Delete|AppendTo|Append|Assign|Share)(\w+)$/i;

/** The right that a refusal names; undefined where it is about something else. */
export function lackIn(refusal: string): Lack | undefined {
  const found = PRIVILEGE.exec(refusal);
  const privilege = found?.[1] ?? found?.[2];
  if (privilege === undefined) return undefined;
  const [, right = privilege, on = "the organisation"] = PARTS.exec(privilege) ?? [];
  return { right, on, privilege };
}

/** What an administrator has to know. `may` completes the sentence: `may not register on incident`. */
export function lackSaid({ right, on, privilege }: Lack, may: string): string {
  return `Parcours ${may}: the privilege ${right} on ${on} is missing (${privilege}). Give it to Parcours's user in Dataverse by a security role; docs/connect.md lists all that it needs`;
}
