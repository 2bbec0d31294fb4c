import type { Children } from "../catalogue/catalogue.ts";
import type { Table } from "../catalogue/types.ts";
import { badQuery, noSegment, ODataError } from "../errors.ts";
import { parseOptions, type QueryOptions } from "../odata/options.ts";
import { childrenOf, type Page } from "../odata/query.ts";
import type { Sql } from "../odata/sql.ts";
import { isReference, type Row } from "../store/values.ts";
import { contextUrl, queryOf, withApplied } from "./answers.ts";
import type { ApiResponse, Call } from "./api.ts";
import { cookieOf, deltaLink, deltaVersion, nextLink } from "./links.ts";
import { existing } from "./rows.ts";

/** `GET set`: one page of rows. */
export function list(call: Call, table: Table, within?: Sql): ApiResponse {
  const { request, prefer } = call;
  const cookie = cookieOf(request.query);
  const tracked = prefer.trackChanges || request.query.has("$deltatoken") || cookie.version !== undefined;
  if (tracked && !within) return listChanges(call, table);
  const options = parseOptions(request.query);
  const page = queryOf(call).page(table, options, { skip: cookie.skip, ...size(call) }, within);
  return answer(call, table, options, page, page.next === undefined ? undefined : nextLink(call, page.next, cookie));
}

/** `GET set/$count`, or of the rows of a collection; with a delta token, of what changed since. */
export function count(call: Call, table: Table, within?: Sql): ApiResponse {
  const { environment, request } = call;
  const token = request.query.get("$deltatoken");
  const since = token === null ? undefined : deltaVersion(token, environment.now());
  const changed = since === undefined ? within : changedSince(since);
  const gone = since === undefined ? 0 : environment.store.deletedSince(table, since).length;
  const total = queryOf(call).count(table, parseOptions(request.query), changed) + gone;
  return { status: 200, headers: { "Content-Type": "text/plain" }, body: String(total) };
}

const changedSince = (version: number): Sql => ({ text: "t.versionnumber > ?", params: [version] });

/** What of a navigation or property is wanted, if not itself: its address, how many, the bare value. */
export type Aspect = "$ref" | "$count" | "$value" | undefined;

/** `GET set(key)/name`: a lookup's row, a collection, or one property. */
export function navigate(call: Call, table: Table, key: string, name: string, aspect: Aspect): ApiResponse {
  const { catalogue, records } = call.environment;
  const row = existing(call, table, key);
  const index = catalogue.index(table.name);
  const children = index.children.get(name);
  if (children) {
    const within = childrenOf(table, row.id, children);
    if (aspect === "$count") return count(call, children.table, within);
    const found = list(call, children.table, within);
    return aspect === "$ref" ? references(call, children.table, found) : found;
  }
  const parent = index.parents.get(name);
  const value = parent && row.values[parent.column.name];
  if (parent && isReference(value) && parent.targets.some((target) => target.table === value.table)) {
    const target = catalogue.table(value.table);
    if (aspect === "$ref")
      return { status: 200, body: { "@odata.id": `${call.request.base}/${target.set}(${value.id})` } };
    const options = parseOptions(call.request.query);
    const [json] = queryOf(call).rows(target, [records.must(target, value.id)], options);
    return withApplied(call, {
      status: 200,
      body: { "@odata.context": `${contextUrl(call, target, options)}/$entity`, ...json },
    });
  }
  if (parent) return { status: 204 };
  return property(call, table, row, name, aspect);
}

/** The rows of a collection as addresses. */
function references({ request }: Call, { set, primaryId }: Table, response: ApiResponse): ApiResponse {
  const { value, ...body } = response.body as Readonly<Record<string, unknown>>;
  const ids = (value as readonly Readonly<Record<string, unknown>>[]).map((row) => row[primaryId]);
  const context = `${request.base}/$metadata#Collection($ref)`;
  const addresses = ids.map((id) => ({ "@odata.id": `${request.base}/${set}(${id})` }));
  return { ...response, body: { ...body, "@odata.context": context, value: addresses } };
}

function property(call: Call, table: Table, row: Row, name: string, aspect: Aspect): ApiResponse {
  if (!call.environment.catalogue.index(table.name).properties.has(name)) throw noSegment(name);
  const [json] = queryOf(call).rows(table, [row], { select: [name] });
  const context = `${call.request.base}/$metadata#${table.set}(${row.id})/${name}`;
  const value = json?.[name] ?? null;
  if (value !== null && aspect === "$value")
    return { status: 200, headers: { "Content-Type": "text/plain" }, body: String(value) };
  return value === null ? { status: 204 } : { status: 200, body: { "@odata.context": context, value } };
}

/** Adds or removes a link by `$ref`. */
export function link(
  call: Call,
  table: Table,
  key: string,
  name: string,
  target: Row["values"][string],
  child?: { of: Children; id: string },
): ApiResponse {
  const { records, catalogue } = call.environment;
  const row = existing(call, table, key);
  call.environment.atomically(() => {
    if (child) records.update(child.of.table, child.id, { [child.of.column.name]: target ?? null }, call.caller);
    else {
      const parent = catalogue.index(table.name).parents.get(name);
      if (!parent) throw noSegment(name);
      records.update(table, row.id, { [parent.column.name]: target ?? null }, call.caller);
    }
  });
  return { status: 204 };
}

/** Change tracking: all rows and a delta link, then what was written or deleted since. */
function listChanges(call: Call, table: Table): ApiResponse {
  const { request, environment } = call;
  const options = parseOptions(request.query);
  if (!table.changeTracking)
    throw new ODataError(400, "0x80060888", `Entity ${table.name} is not enabled for change tracking.`);
  if (options.filter || options.orderBy || options.expand || options.top !== undefined)
    throw badQuery("Only $select may be used when changes are tracked.");
  const cookie = cookieOf(request.query);
  const token = request.query.get("$deltatoken");
  const version = cookie.version ?? environment.store.db.version;
  const since = token === null ? undefined : deltaVersion(token, environment.now());
  const within = since === undefined ? undefined : changedSince(since);
  const page = queryOf(call).page(table, options, { skip: cookie.skip, ...size(call) }, within);
  const next = page.next === undefined ? undefined : nextLink(call, page.next, { ...cookie, version });
  const context = `${request.base}/$metadata#${table.set}`;
  const gone = since === undefined || next ? [] : environment.store.deletedSince(table, since);
  const deleted = gone.map((id) => ({ "@odata.context": `${context}/$deletedEntity`, id, reason: "deleted" }));
  const links = next ? { "@odata.nextLink": next } : { "@odata.deltaLink": deltaLink(call, version) };
  const body = {
    "@odata.context": `${contextUrl(call, table, options)}/$delta`,
    ...links,
    value: [...page.value, ...deleted],
  };
  return withApplied(call, { status: 200, body });
}

function answer(call: Call, table: Table, options: QueryOptions, page: Page, next: string | undefined): ApiResponse {
  const wants = call.prefer.annotations;
  const total = "Microsoft.Dynamics.CRM.totalrecordcount";
  const body = {
    "@odata.context": contextUrl(call, table, options),
    ...(page.count === undefined ? {} : { "@odata.count": page.count }),
    ...(wants(total) ? { [`@${total}`]: page.count ?? -1, [`@${total}limitexceeded`]: false } : {}),
    value: page.value,
    ...(next ? { "@odata.nextLink": next } : {}),
  };
  return withApplied(call, { status: 200, body });
}

function size({ prefer }: Call): { size?: number } {
  return prefer.pageSize === undefined ? {} : { size: prefer.pageSize };
}
