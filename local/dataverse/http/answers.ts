import type { Table } from "../catalogue/types.ts";
import { propertyOf } from "../catalogue/types.ts";
import type { QueryOptions } from "../odata/options.ts";
import { Query } from "../odata/query.ts";
import type { ApiResponse, Call } from "./api.ts";

export function queryOf(call: Call): Query {
  const { environment, caller, prefer } = call;
  return new Query({
    catalogue: environment.catalogue,
    store: environment.store,
    now: environment.now(),
    caller: caller.user,
    businessUnit: environment.ids.businessUnit,
    wants: prefer.annotations,
  });
}

/** `…/$metadata#contacts(fullname,emailaddress1)` */
export function contextUrl(call: Call, table: Table, options: QueryOptions): string {
  const names = namesOf(options);
  return `${call.request.base}/$metadata#${table.set}${names.length > 0 ? `(${names.join(",")})` : ""}`;
}

function namesOf({ select = [], expand = [] }: QueryOptions): string[] {
  return [...select, ...expand.map(({ name, options }) => `${name}(${namesOf(options).join(",")})`)];
}

export function withApplied(call: Call, response: ApiResponse): ApiResponse {
  const { applied } = call.prefer;
  if (applied === undefined) return response;
  return { ...response, headers: { ...response.headers, "Preference-Applied": applied } };
}

/** A column's name as `$select` takes it: for links that are built again. */
export function selectable(table: Table): string[] {
  return table.columns.filter((column) => column.readable !== false).map(propertyOf);
}
