import type { Table } from "../catalogue/types.ts";
import { badRequest, noSegment } from "../errors.ts";
import { entityInput } from "../odata/entity-input.ts";
import type { ApiResponse, Call } from "./api.ts";
import { bodyOf, insert } from "./rows.ts";
import { Locator } from "./segments.ts";

/** `CreateMultiple` and `UpdateMultiple`: one transaction, and Create or Update raised for each row. */
export function boundOperation(call: Call, table: Table, name: string): ApiResponse {
  const { environment, caller, request } = call;
  const targets = bodyOf(call).Targets;
  const rows = (): readonly Readonly<Record<string, unknown>>[] => {
    if (!Array.isArray(targets)) throw badRequest("Required field 'Targets' is missing.");
    return targets;
  };
  if (name === "Microsoft.Dynamics.CRM.CreateMultiple") {
    const ids = environment.atomically(() => rows().map((body) => insert(call, table, body, {}).id));
    const context = `${request.base}/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse`;
    return { status: 200, body: { "@odata.context": context, Ids: ids } };
  }
  if (name === "Microsoft.Dynamics.CRM.UpdateMultiple") {
    const locator = new Locator(environment.catalogue, environment.store);
    environment.atomically(() => {
      for (const body of rows()) {
        const { values } = entityInput(environment.catalogue, table, body, (path) => locator.reference(path));
        environment.records.update(table, String(values[table.primaryId] ?? ""), values, caller);
      }
    });
    return { status: 204 };
  }
  throw noSegment(name);
}
