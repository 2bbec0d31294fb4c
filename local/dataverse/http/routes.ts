import type { Table } from "../catalogue/types.ts";
import type { Environment } from "../environment.ts";
import { noSegment, ODataError } from "../errors.ts";
import { metadataRoute } from "../metadata/metadata-routes.ts";
import type { Right } from "../records/privileges.ts";
import { operation } from "./actions.ts";
import type { ApiRequest, ApiResponse, Call } from "./api.ts";
import { auditDetails } from "./audit-details.ts";
import { callerOf } from "./caller.ts";
import { type Aspect, count, link, list, navigate } from "./collections.ts";
import { boundOperation } from "./multiple.ts";
import { preferencesOf } from "./preferences.ts";
import { bodyOf, create, existing, remove, retrieve, upsert, writeProperty } from "./rows.ts";
import { Locator, type Segment, segmentsOf } from "./segments.ts";
import { userPrivileges } from "./user-privileges.ts";

/** Answers one request of the Web API; faults become OData errors. */
export function answerApi(request: ApiRequest, environment: Environment): ApiResponse {
  try {
    return route(request, environment);
  } catch (error) {
    return faulty(error);
  }
}

export function faulty(error: unknown): ApiResponse {
  if (error instanceof ODataError)
    return {
      status: error.status,
      headers: error.headers,
      body: { error: { code: error.code, message: error.message } },
    };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { status: 500, body: { error: { code: "0x80040216", message } } };
}

function route(request: ApiRequest, environment: Environment): ApiResponse {
  const caller = callerOf(request, environment);
  const call: Call = { request, environment, caller, prefer: preferencesOf(request.headers.prefer) };
  const [first, ...rest] = segmentsOf(request.path);
  if (!first) return serviceDocument(call);
  const metadata = metadataRoute(call, first, rest);
  if (metadata) return metadata;
  const table = environment.catalogue.findSet(first.name);
  if (table) return first.key === undefined ? setRoute(call, table, rest) : rowRoute(call, table, first.key, rest);
  const done = rest.length === 0 ? operation(call, first.name) : undefined;
  if (done) return done;
  throw noSegment(first.name);
}

function serviceDocument({ request, environment }: Call): ApiResponse {
  const value = environment.catalogue.all().map(({ set }) => ({ name: set, kind: "EntitySet", url: set }));
  return { status: 200, body: { "@odata.context": `${request.base}/$metadata`, value } };
}

/** @throws ODataError 403 where the caller lacks the privilege that the method needs on the table */
function checkPrivilege({ environment, caller, request }: Call, table: Table, right = RIGHTS[request.method]): void {
  if (right !== undefined) environment.privileges.check(caller.user, right, table);
}

/** Only the platform writes audits. */
function checkWritable(table: Table, method: string): void {
  if (table.name === "audit" && method !== "GET") throw wrongMethod(method);
}

const RIGHTS: Readonly<Record<string, Right>> = { GET: "Read", POST: "Create", PATCH: "Write", DELETE: "Delete" };

function setRoute(call: Call, table: Table, rest: readonly Segment[]): ApiResponse {
  const { method } = call.request;
  checkWritable(table, method);
  checkPrivilege(call, table);
  const [next] = rest;
  if (!next) {
    if (method === "GET") return list(call, table);
    if (method === "POST") return create(call, table);
    throw wrongMethod(method);
  }
  if (next.name === "$count" && method === "GET") return count(call, table);
  if (method === "POST") return boundOperation(call, table, next.name);
  throw noSegment(next.name);
}

function rowRoute(call: Call, table: Table, key: string, rest: readonly Segment[]): ApiResponse {
  const { method } = call.request;
  const [next, after] = rest;
  checkWritable(table, method);
  checkPrivilege(call, table, next !== undefined && method !== "GET" ? "Write" : undefined);
  if (next) return partRoute(call, table, key, next, after);
  if (method === "GET") return retrieve(call, table, key);
  if (method === "PATCH") return upsert(call, table, key);
  if (method === "DELETE") return remove(call, table, key);
  throw wrongMethod(method);
}

/** A property, a navigation, or the link behind it (`$ref`). */
function partRoute(call: Call, table: Table, key: string, part: Segment, after: Segment | undefined): ApiResponse {
  const { request, environment } = call;
  const privileges = userPrivileges(call, table, key, part);
  if (privileges) return privileges;
  const details = auditDetails(call, table, key, part);
  if (details) return details;
  if (after?.name === "$ref") return refRoute(call, table, key, part);
  if (request.method === "GET") return navigate(call, table, key, part.name, aspectOf(after));
  if (request.method === "PUT") return writeProperty(call, table, key, part.name, bodyOf(call).value ?? null);
  if (request.method === "DELETE") return writeProperty(call, table, key, part.name, null);
  const children = environment.catalogue.index(table.name).children.get(part.name);
  if (request.method === "POST" && children) {
    const bind = children.column.targets?.find((target) => target.table === table.name)?.navigation ?? "";
    const body = { ...bodyOf(call), [`${bind}@odata.bind`]: `/${table.set}(${key})` };
    return create({ ...call, request: { ...request, body } }, children.table);
  }
  throw noSegment(part.name);
}

function aspectOf(after: Segment | undefined): Aspect {
  if (after === undefined) return undefined;
  if (after.name === "$count" || after.name === "$value") return after.name;
  throw noSegment(after.name);
}

function refRoute(call: Call, table: Table, key: string, part: Segment): ApiResponse {
  const { request, environment } = call;
  const { method, query } = request;
  if (method === "GET") return navigate(call, table, key, part.name, "$ref");
  const locator = new Locator(environment.catalogue, environment.store);
  const of = environment.catalogue.index(table.name).children.get(part.name);
  const named = method === "DELETE" ? query.get("$id") : String(bodyOf(call)["@odata.id"] ?? "");
  if (of) {
    const child = part.key ?? (named ? locator.reference(named).id : "");
    const parent = { table: table.name, id: existing(call, table, key).id };
    return link(call, table, key, part.name, method === "DELETE" ? null : parent, { of, id: child });
  }
  return link(call, table, key, part.name, method === "DELETE" || !named ? null : locator.reference(named));
}

function wrongMethod(method: string): ODataError {
  return new ODataError(405, "0x80060888", `The requested resource does not support http method '${method}'.`);
}
