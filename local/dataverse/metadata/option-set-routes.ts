import { labels } from "../catalogue/columns.ts";
import type { Labels, Option } from "../catalogue/types.ts";
import { badRequest, ODataError } from "../errors.ts";
import type { ApiResponse, Call } from "../http/api.ts";
import { bodyOf } from "../http/rows.ts";
import { namedKey, type Segment } from "../http/segments.ts";
import type { Json } from "../odata/entity-json.ts";
import { parseOptions } from "../odata/options.ts";
import { stableId } from "../store/stable-id.ts";
import { type ColumnBody, labelsOf, optionsOf } from "./column-body.ts";
import { label, optionJson } from "./column-json.ts";
import { selectMetadata, shape } from "./metadata-query.ts";

/** Choices that several columns share. */
export interface GlobalOptionSet {
  readonly name: string;
  readonly labels: Labels;
  readonly options: readonly Option[];
}

const KEY = "globalOptionSets";

/** `GlobalOptionSetDefinitions`: list, read one, create. */
export function optionSetRoute(call: Call, { key }: Segment): ApiResponse {
  const { method, query, base } = call.request;
  const object = (set: GlobalOptionSet) => ({ type: "OptionSetMetadata", json: optionSetJson(set), expandable: {} });
  const context = `${base}/$metadata#GlobalOptionSetDefinitions`;
  if (key === undefined) {
    if (method === "POST") return create(call);
    const value = selectMetadata(globalOptionSets(call).map(object), parseOptions(query));
    return { status: 200, body: { "@odata.context": context, value } };
  }
  const set = findOptionSet(call, key);
  return { status: 200, body: { "@odata.context": `${context}/$entity`, ...shape(object(set), parseOptions(query)) } };
}

/** By `Name='…'` or id. @throws ODataError 404 */
export function findOptionSet(call: Call, key: string): GlobalOptionSet {
  const { Name } = namedKey(key);
  const found = globalOptionSets(call).find(({ name }) => name === Name || idOf(name) === key.toLowerCase());
  if (found) return found;
  throw new ODataError(404, "0x80060888", `Could not find an optionset with the specified name: ${key}.`);
}

function globalOptionSets(call: Call): GlobalOptionSet[] {
  return JSON.parse(call.environment.store.db.meta(KEY) ?? "[]") as GlobalOptionSet[];
}

function create(call: Call): ApiResponse {
  const body = bodyOf(call) as ColumnBody;
  const name = typeof body.Name === "string" ? body.Name.toLowerCase() : "";
  if (name === "") throw badRequest("Name is missing.", "0x80048d19");
  const all = globalOptionSets(call);
  if (all.some((each) => each.name === name))
    throw badRequest(`An OptionSet with the name ${name} already exists.`, "0x80048403");
  const made: GlobalOptionSet = { name, labels: labelsOf(body.DisplayName) ?? labels(name), options: optionsOf(body) };
  call.environment.store.db.setMeta(KEY, JSON.stringify([...all, made]));
  return {
    status: 204,
    headers: { "OData-EntityId": `${call.request.base}/GlobalOptionSetDefinitions(${idOf(name)})` },
  };
}

function optionSetJson(set: GlobalOptionSet): Json {
  return {
    "@odata.type": "#Microsoft.Dynamics.CRM.OptionSetMetadata",
    MetadataId: idOf(set.name),
    Name: set.name,
    IsGlobal: true,
    IsCustomOptionSet: true,
    OptionSetType: "Picklist",
    DisplayName: label(set.labels),
    Options: set.options.map(optionJson),
  };
}

function idOf(name: string): string {
  return stableId("global-option-set", name);
}
