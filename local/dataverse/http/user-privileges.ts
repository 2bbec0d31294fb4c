import type { Table } from "../catalogue/types.ts";
import { badRequest } from "../errors.ts";
import type { ApiResponse, Call } from "./api.ts";
import { existing } from "./rows.ts";
import type { Segment } from "./segments.ts";

const BOUND = /^Microsoft\.Dynamics\.CRM\.(RetrieveUserPrivileges|RetrieveUserSetOfPrivilegesByNames)$/;

/** Functions bound to a user that tell what he may do; undefined where the path is none of them. */
export function userPrivileges(call: Call, table: Table, key: string, part: Segment): ApiResponse | undefined {
  const name = table.name === "systemuser" && call.request.method === "GET" ? BOUND.exec(part.name)?.[1] : undefined;
  if (name === undefined) return undefined;
  const { environment, request } = call;
  const user = existing(call, table, key).id;
  const asked = name === "RetrieveUserPrivileges" ? undefined : namesIn(part.key ?? "", request.query);
  const held = environment.privileges.heldBy(user).filter(({ Name }) => asked === undefined || asked.includes(Name));
  const RolePrivileges = held.map(({ Name, PrivilegeId }) => ({
    Depth: "Global",
    PrivilegeId,
    BusinessUnitId: environment.ids.businessUnit,
    PrivilegeName: Name,
    RecordFilterId: "00000000-0000-0000-0000-000000000000",
    RecordFilterUniqueName: "",
  }));
  const context = `${request.base}/$metadata#Microsoft.Dynamics.CRM.${name}Response`;
  return { status: 200, body: { "@odata.context": context, RolePrivileges } };
}

/** `PrivilegeNames=@p`, and `@p` in the query as a JSON array. */
function namesIn(key: string, query: URLSearchParams): readonly string[] {
  const alias = /^\s*PrivilegeNames\s*=\s*(@\w+)\s*$/.exec(key)?.[1];
  try {
    const names: unknown = JSON.parse((alias === undefined ? undefined : query.get(alias)) ?? "");
    if (Array.isArray(names)) return names.map(String);
  } catch {
    // Said below, as of anything else that is no array.
  }
  throw badRequest("The parameter PrivilegeNames is missing, or is no collection of names.", "0x80060888");
}
