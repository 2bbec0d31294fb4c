import { randomUUID } from "node:crypto";
import type { Environment } from "../environment.ts";
import { ODataError } from "../errors.ts";
import type { Caller } from "../records/change.ts";
import type { ApiRequest } from "./api.ts";

/** Who calls: the token's user, or the administrator; and on whose behalf. @throws ODataError 401, 403 */
export function callerOf({ headers, query }: Pick<ApiRequest, "headers" | "query">, environment: Environment): Caller {
  const connected = connectedUser(headers.authorization, environment) ?? environment.ids.administrator;
  const bypass = headers["mscrm.bypassbusinesslogicexecution"]?.toLowerCase() ?? "";
  const tag = query.get("tag");
  return {
    user: impersonated(headers, environment) ?? connected,
    connected,
    correlationId: randomUUID(),
    requestId: headers["x-ms-client-request-id"] ?? randomUUID(),
    ...(tag === null ? {} : { tag }),
    bypassAsync: bypass.includes("customasync"),
    depth: 1,
  };
}

function impersonated(headers: ApiRequest["headers"], environment: Environment): string | undefined {
  const id = headers.mscrmcallerid?.toLowerCase();
  if (id !== undefined) {
    if (environment.store.get(environment.catalogue.table("systemuser"), id)) return id;
    throw new ODataError(403, "0x80040217", `systemuser With Id = ${id} Does Not Exist`);
  }
  const directoryId = headers.callerobjectid?.toLowerCase();
  if (directoryId === undefined) return undefined;
  const found = userBy("azureactivedirectoryobjectid", directoryId, environment);
  if (found === undefined)
    throw new ODataError(403, "0x80041d1f", `No system user was found for the directory object ${directoryId}.`);
  return found;
}

/** Tokens are not checked, only read: a user or application user whose id the token carries is who calls. */
function connectedUser(authorization: string | undefined, environment: Environment): string | undefined {
  const payload = /^Bearer\s+[^.\s]+\.([^.\s]+)\.?/i.exec(authorization ?? "")?.[1];
  if (payload === undefined) return undefined;
  try {
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as { oid?: unknown; appid?: unknown };
    const byDirectory =
      typeof claims.oid === "string" && userBy("azureactivedirectoryobjectid", claims.oid, environment);
    return (
      byDirectory || (typeof claims.appid === "string" ? userBy("applicationid", claims.appid, environment) : undefined)
    );
  } catch {
    throw new ODataError(401, "0x80048306", "The access token could not be read.");
  }
}

function userBy(column: string, value: string, { store, catalogue }: Environment): string | undefined {
  return store.select(catalogue.table("systemuser"), `t.${column} = ?`, [value.toLowerCase()], "LIMIT 1")[0]?.id;
}
