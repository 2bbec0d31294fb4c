import type { Table } from "../catalogue/types.ts";
import { badRequest, noSegment, notFound, ODataError, precondition } from "../errors.ts";
import { entityInput } from "../odata/entity-input.ts";
import { etagOf, type Json } from "../odata/entity-json.ts";
import { parseOptions, type QueryOptions } from "../odata/options.ts";
import type { Row } from "../store/values.ts";
import { contextUrl, queryOf, withApplied } from "./answers.ts";
import type { ApiResponse, Call } from "./api.ts";
import { Locator } from "./segments.ts";

/** `GET set(key)` */
export function retrieve(call: Call, table: Table, key: string): ApiResponse {
  const { request } = call;
  const row = existing(call, table, key);
  const ifNone = request.headers["if-none-match"];
  if (ifNone !== undefined && (ifNone === etagOf(row) || ifNone === "*")) return { status: 304 };
  const options = parseOptions(request.query);
  return withApplied(call, {
    status: 200,
    headers: { ETag: etagOf(row) },
    body: representation(call, table, row, options),
  });
}

/** `POST set` */
export function create(call: Call, table: Table): ApiResponse {
  return created(
    call,
    table,
    call.environment.atomically(() => insert(call, table, bodyOf(call), {})),
  );
}

/** `PATCH set(key)`: updates, or creates where nothing is and no `If-Match: *` forbids it. */
export function upsert(call: Call, table: Table, key: string): ApiResponse {
  const { environment, request, caller } = call;
  const locator = new Locator(environment.catalogue, environment.store);
  const id = locator.find(table, key);
  const row = id === undefined ? undefined : environment.records.get(table, id);
  const ifMatch = request.headers["if-match"];
  if (!row) {
    if (ifMatch !== undefined) throw notFound(table.name, key);
    return created(
      call,
      table,
      environment.atomically(() => insert(call, table, bodyOf(call), locator.keyValues(table, key))),
    );
  }
  if (request.headers["if-none-match"] === "*")
    throw precondition("A record with matching key values already exists.", "0x80040237");
  checkMatch(ifMatch, row);
  const { values, children } = entityInput(environment.catalogue, table, bodyOf(call), (path) =>
    locator.reference(path),
  );
  if (children.length > 0) throw badRequest("Deep update of collections is not supported.");
  const after = environment.atomically(() => environment.records.update(table, row.id, values, caller));
  return written(call, table, after, 200);
}

/** `DELETE set(key)` */
export function remove(call: Call, table: Table, key: string): ApiResponse {
  const row = existing(call, table, key);
  checkMatch(call.request.headers["if-match"], row);
  call.environment.atomically(() => call.environment.records.delete(table, row.id, call.caller));
  return { status: 204 };
}

/** The row of a key. @throws ODataError 404 */
export function existing(call: Call, table: Table, key: string): Row {
  const { catalogue, store, records } = call.environment;
  const id = new Locator(catalogue, store).find(table, key);
  const row = id === undefined ? undefined : records.get(table, id);
  if (!row) throw notFound(table.name, key);
  return row;
}

/** Makes a row and, deep insert, the rows in the places of its links and in its collections. */
export function insert(call: Call, table: Table, body: Readonly<Record<string, unknown>>, key: Row["values"]): Row {
  const { environment, caller } = call;
  const locator = new Locator(environment.catalogue, environment.store);
  const { values, children } = entityInput(
    environment.catalogue,
    table,
    body,
    (path) => locator.reference(path),
    ({ targets }, parent) => {
      const of = environment.catalogue.table(targets[0]?.table ?? "");
      return { table: of.name, id: insert(call, of, parent, {}).id };
    },
  );
  const row = environment.records.create(table, { ...values, ...key }, caller);
  for (const { of, rows } of children)
    for (const child of rows) insert(call, of.table, child, { [of.column.name]: { table: table.name, id: row.id } });
  return row;
}

export function bodyOf(call: Call): Readonly<Record<string, unknown>> {
  const { body } = call.request;
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new ODataError(400, "0x80048d19", "The request has no JSON object as its body.");
  return body as Readonly<Record<string, unknown>>;
}

function created(call: Call, table: Table, row: Row): ApiResponse {
  return written(call, table, row, 201);
}

/** 204 with the row's address, or the row itself if it was asked for. */
function written(call: Call, table: Table, row: Row, status: number): ApiResponse {
  const address = `${call.request.base}/${table.set}(${row.id})`;
  const headers = { "OData-EntityId": address, Location: address, ETag: etagOf(row) };
  if (!call.prefer.representation) return { status: 204, headers: { "OData-EntityId": address } };
  const options = parseOptions(call.request.query);
  return withApplied(call, { status, headers, body: representation(call, table, row, options) });
}

function representation(call: Call, table: Table, row: Row, options: QueryOptions): Json {
  const [json] = queryOf(call).rows(table, [row], options);
  return { "@odata.context": `${contextUrl(call, table, options)}/$entity`, ...json };
}

function checkMatch(ifMatch: string | undefined, row: Row): void {
  if (ifMatch === undefined || ifMatch === "*" || ifMatch === etagOf(row)) return;
  throw precondition("The version of the existing record doesn't match the RowVersion property provided.");
}

/** `PUT` and `DELETE` of one property. @throws ODataError 404 */
export function writeProperty(call: Call, table: Table, key: string, name: string, value: unknown): ApiResponse {
  const { environment, caller } = call;
  const row = existing(call, table, key);
  const { columns, parents } = environment.catalogue.index(table.name);
  const column = columns.get(name) ?? parents.get(name)?.column;
  if (!column) throw noSegment(name);
  const locator = new Locator(environment.catalogue, environment.store);
  const { values } = entityInput(environment.catalogue, table, { [name]: value }, (path) => locator.reference(path));
  environment.atomically(() => environment.records.update(table, row.id, values, caller));
  return { status: 204 };
}
