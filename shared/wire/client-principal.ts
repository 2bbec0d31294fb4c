import { z } from "zod";

/** What App Service's authentication says of who signed in, in the header `x-ms-client-principal`. */
export interface Principal {
  /** Stays the same for as long as the account exists. */
  readonly id: string;
  readonly name: string;
  /** App roles, as they stand in the token. */
  readonly roles: readonly string[];
}

const principal = z.object({
  claims: z.array(z.object({ typ: z.string(), val: z.string() })),
  name_typ: z.string().nullish(),
  role_typ: z.string().nullish(),
});

/** A claim comes by its short name or by the long one, as the deployment maps them. */
const OBJECT_ID = ["oid", "http://schemas.microsoft.com/identity/claims/objectidentifier"];
const SUBJECT = ["sub", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier"];
const NAMES = ["preferred_username", "name", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"];
const ROLES = ["roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"];
/** A header that holds more is none of App Service's. */
const LONGEST = 64 * 1024;

/** Reads the header; undefined where it is none, names nobody, or is no base64 JSON. */
export function readPrincipal(header: string): Principal | undefined {
  if (header.length > LONGEST) return undefined;
  const read = principal.safeParse(jsonIn(header));
  if (!read.success) return undefined;
  const { claims, name_typ, role_typ } = read.data;
  const valuesOf = (types: readonly string[]): string[] =>
    types.flatMap((type) => claims.flatMap(({ typ, val }) => (typ === type && val !== "" ? [val] : [])));
  const [id] = [...valuesOf(OBJECT_ID), ...valuesOf(SUBJECT)];
  if (id === undefined) return undefined;
  const [name = id] = valuesOf([...NAMES, ...present(name_typ)]);
  return { id, name, roles: [...new Set(valuesOf([...ROLES, ...present(role_typ)]))] };
}

function present(value: string | null | undefined): string[] {
  return value == null ? [] : [value];
}

function jsonIn(header: string): unknown {
  try {
    return JSON.parse(Buffer.from(header, "base64").toString("utf8"));
  } catch {
    return undefined;
  }
}
