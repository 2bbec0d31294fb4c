import type { Table } from "../catalogue/types.ts";
import { ODataError } from "../errors.ts";
import { type Json, rowJson } from "../odata/entity-json.ts";
import type { AuditedValues } from "../records/audits.ts";
import { textOf, type Values } from "../store/values.ts";
import type { ApiResponse, Call } from "./api.ts";
import { existing } from "./rows.ts";
import type { Segment } from "./segments.ts";

const PRIVILEGE = "prvReadRecordAuditHistory";

/** `audits(id)/Microsoft.Dynamics.CRM.RetrieveAuditDetails`; undefined where the path is another. */
export function auditDetails(call: Call, table: Table, key: string, part: Segment): ApiResponse | undefined {
  const asked = part.name === "Microsoft.Dynamics.CRM.RetrieveAuditDetails" && call.request.method === "GET";
  if (table.name !== "audit" || !asked) return undefined;
  const { environment, request, caller } = call;
  if (environment.privileges.lacks(caller.user, PRIVILEGE))
    throw new ODataError(
      403,
      "0x80040220",
      `Principal user (Id=${caller.user}, type=8) is missing ${PRIVILEGE} privilege.`,
    );
  const { values } = existing(call, table, key);
  const audited = environment.catalogue.table(textOf(values.objecttypecode) ?? "");
  const kept = JSON.parse(textOf(values.changedata) ?? "{}") as AuditedValues;
  const context = `${request.base}/$metadata#Microsoft.Dynamics.CRM.RetrieveAuditDetailsResponse`;
  const AuditDetail = {
    "@odata.type": "#Microsoft.Dynamics.CRM.AttributeAuditDetail",
    InvalidNewValueAttributes: [],
    LocLabelLanguageCode: 0,
    DeletedAttributes: { Count: 0, Keys: [], Values: [] },
    OldValue: valueJson(call, audited, kept.old),
    NewValue: valueJson(call, audited, kept.new),
  };
  return { status: 200, body: { "@odata.context": context, AuditDetail } };
}

function valueJson({ environment, prefer }: Call, table: Table, values: Values): Json {
  const columns = table.columns.filter(({ name, readable }) => readable !== false && values[name] !== undefined);
  const nameOf = (name: string, id: string) => environment.store.nameOf(name, id);
  const { "@odata.etag": _etag, ...json } = rowJson(
    { id: "", version: 0, values },
    columns,
    prefer.annotations,
    nameOf,
  );
  return { "@odata.type": `#Microsoft.Dynamics.CRM.${table.name}`, ...json };
}
