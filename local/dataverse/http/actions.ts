import type { Table } from "../catalogue/types.ts";
import { badRequest, noSegment } from "../errors.ts";
import { entityInput } from "../odata/entity-input.ts";
import { referenceOf, type Values } from "../store/values.ts";
import type { ApiResponse, Call } from "./api.ts";
import { bodyOf, insert } from "./rows.ts";
import { Locator } from "./segments.ts";

type Handler = (call: Call) => ApiResponse;

const FUNCTIONS: Readonly<Record<string, Handler>> = {
  WhoAmI: (call) =>
    answered(call, "WhoAmIResponse", {
      BusinessUnitId: call.environment.ids.businessUnit,
      UserId: call.caller.user,
      OrganizationId: call.environment.organizationId,
    }),
  RetrieveVersion: (call) => answered(call, "RetrieveVersionResponse", { Version: "9.2.0.0" }),
  RetrieveCurrentOrganization: (call) =>
    answered(call, "RetrieveCurrentOrganizationResponse", {
      Detail: {
        OrganizationId: call.environment.organizationId,
        UniqueName: call.environment.organizationName,
        FriendlyName: call.environment.organizationName,
        OrganizationVersion: "9.2.0.0",
      },
    }),
};

const ACTIONS: Readonly<Record<string, Handler>> = { CloseIncident: closeIncident, Merge: merge };

/** Unbound functions and actions; undefined when the name is none. */
export function operation(call: Call, name: string): ApiResponse | undefined {
  const bare = name.replace(/^Microsoft\.Dynamics\.CRM\./, "");
  const { method } = call.request;
  if (method === "GET") return FUNCTIONS[bare]?.(call);
  return method === "POST" ? ACTIONS[bare]?.(call) : undefined;
}

function answered(call: Call, type: string, body: object): ApiResponse {
  const context = `${call.request.base}/$metadata#Microsoft.Dynamics.CRM.${type}`;
  return { status: 200, body: { "@odata.context": context, ...body } };
}

/**
 * Resolves a case: keeps the resolution, then sets the state. Steps hear of it as an Update whose Target has
 * the states and audit columns only.
 */
function closeIncident(call: Call): ApiResponse {
  const { environment, caller } = call;
  const { IncidentResolution, Status } = bodyOf(call);
  if (typeof IncidentResolution !== "object" || IncidentResolution === null)
    throw badRequest("Required field 'IncidentResolution' is missing.", "0x80040203");
  const incidents = environment.catalogue.table("incident");
  const status = Number(Status ?? -1);
  environment.atomically(() => {
    const resolutions = environment.catalogue.table("incidentresolution");
    const kept = insert(call, resolutions, IncidentResolution as Readonly<Record<string, unknown>>, {});
    const incident = referenceOf(kept.values.incidentid);
    if (!incident) throw badRequest("The resolution has no incidentid.", "0x80040203");
    const row = environment.records.must(incidents, incident.id);
    if (row.values.statecode !== 0) throw badRequest("The case has already been resolved.", "0x80048454");
    environment.records.update(
      resolutions,
      kept.id,
      { statecode: 1, statuscode: 2, actualend: environment.now() },
      { ...caller, bypassAsync: true },
    );
    const statuscode = status === -1 ? {} : { statuscode: status };
    environment.records.update(incidents, incident.id, { statecode: 1, ...statuscode }, caller);
  });
  return { status: 204 };
}

/** Merges one row into another: the loser stays, inactive, and points to the one that survives. */
function merge(call: Call): ApiResponse {
  const { environment, caller } = call;
  const { Target, Subordinate, UpdateContent } = bodyOf(call);
  const winner = rowOf(call, Target);
  const loser = rowOf(call, Subordinate);
  if (winner.table !== loser.table || winner.id === loser.id)
    throw badRequest("Only two rows of one table can be merged.", "0x80048102");
  const { table } = winner;
  if (!table.columns.some((column) => column.name === "masterid"))
    throw badRequest("This table cannot be merged.", "0x80048102");
  environment.atomically(() => {
    const lost = environment.records.must(table, loser.id);
    if (lost.values.merged === true) throw badRequest("The row has already been merged.", "0x80048103");
    for (const { table: child, column } of environment.catalogue.index(table.name).children.values()) {
      if (column.name === "masterid") continue;
      const rows = environment.store.select(child, `t."${column.name}" = ?`, [loser.id]);
      for (const row of rows)
        environment.records.update(
          child,
          row.id,
          { [column.name]: { table: table.name, id: winner.id } },
          { ...caller, depth: 2 },
        );
    }
    const content = contentOf(call, table, UpdateContent);
    if (Object.keys(content).length > 0) environment.records.update(table, winner.id, content, caller);
    const states = table.columns.find((column) => column.name === "statecode")?.options ?? [];
    const inactive = {
      statecode: states.at(-1)?.value ?? 1,
      ...(table.name === "incident" ? { statuscode: 2000 } : {}),
    };
    const closed = { merged: true, masterid: { table: table.name, id: winner.id }, ...inactive };
    environment.records.update(table, loser.id, closed, { ...caller, depth: 2 });
  });
  return { status: 204 };
}

function rowOf(call: Call, value: unknown): { table: Table; id: string } {
  const body = (value ?? {}) as Readonly<Record<string, unknown>>;
  const type = String(body["@odata.type"] ?? "").replace(/^#?Microsoft\.Dynamics\.CRM\./, "");
  const table = call.environment.catalogue.find(type);
  if (!table) throw noSegment(type);
  return { table, id: call.environment.records.must(table, String(body[table.primaryId] ?? "").toLowerCase()).id };
}

function contentOf(call: Call, table: Table, value: unknown): Values {
  if (typeof value !== "object" || value === null) return {};
  const { catalogue, store } = call.environment;
  const locator = new Locator(catalogue, store);
  const body = value as Readonly<Record<string, unknown>>;
  const { [table.primaryId]: _id, ...content } = entityInput(catalogue, table, body, (path) =>
    locator.reference(path),
  ).values;
  return content;
}
