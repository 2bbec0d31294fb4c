import type { Column, Table } from "../catalogue/types.ts";
import { noSegment, ODataError } from "../errors.ts";
import type { ApiResponse, Call } from "../http/api.ts";
import { namedKey, type Segment } from "../http/segments.ts";
import { parseOptions } from "../odata/options.ts";
import { stableId } from "../store/stable-id.ts";
import { columnDetails, columnJson, metadataType, optionSets } from "./column-json.ts";
import { csdl } from "./csdl.ts";
import {
  createColumn,
  createCustomerColumn,
  createKey,
  createRelationship,
  createTable,
  deleteColumn,
  deleteTable,
} from "./define.ts";
import { type MetadataObject, selectMetadata, shape } from "./metadata-query.ts";
import { optionSetRoute } from "./option-set-routes.ts";
import { keyJson, relationshipJson, tableJson } from "./table-json.ts";

const CAST = /^Microsoft\.Dynamics\.CRM\.(\w+AttributeMetadata)$/;

/** `EntityDefinitions` and what lies under it; undefined when the path is none of metadata's. */
export function metadataRoute(call: Call, first: Segment, rest: readonly Segment[]): ApiResponse | undefined {
  const { method } = call.request;
  if (first.name === "EntityDefinitions") {
    if (first.key === undefined) {
      if (rest[0]) throw noSegment(rest[0].name);
      return method === "POST" ? createTable(call) : tables(call);
    }
    return tableRoute(call, tableOf(call, first.key), rest);
  }
  if (first.name === "RelationshipDefinitions")
    return method === "POST" ? createRelationship(call) : relationships(call, first.key);
  if (first.name === "GlobalOptionSetDefinitions") return optionSetRoute(call, first);
  if (first.name === "$metadata") return csdl(call);
  if (first.name === "CreateCustomerRelationships" && method === "POST") return createCustomerColumn(call);
  if (first.name === "PublishXml" || first.name === "PublishAllXml") return { status: 204 }; // takes effect at once here
  return undefined;
}

function tables(call: Call): ApiResponse {
  const objects = call.environment.catalogue.all().map((table) => tableObject(call, table));
  return many(call, "EntityDefinitions", selectMetadata(objects, parseOptions(call.request.query)));
}

/** All relationships, with or without a cast to their kind: here all are one to many. */
function relationships(call: Call, key: string | undefined): ApiResponse {
  const { catalogue } = call.environment;
  const all = catalogue.all().flatMap((table) => relationshipJson(catalogue, table, "ManyToOne"));
  const objects = all.map((json): MetadataObject => ({ type: "RelationshipMetadataBase", json, expandable: {} }));
  const options = parseOptions(call.request.query);
  if (key === undefined) return many(call, "RelationshipDefinitions", selectMetadata(objects, options));
  const { SchemaName: name } = namedKey(key);
  const one = objects.find(({ json }) => json.SchemaName === name || json.MetadataId === key.toLowerCase());
  if (!one) throw new ODataError(404, "0x80060888", `Could not find a relationship with the specified name: ${key}.`);
  const context = `${call.request.base}/$metadata#RelationshipDefinitions/$entity`;
  return { status: 200, body: { "@odata.context": context, ...shape(one, options) } };
}

function tableRoute(call: Call, table: Table, [part, ...rest]: readonly Segment[]): ApiResponse {
  const { method, query, base } = call.request;
  if (!part) {
    if (method === "DELETE") return deleteTable(call, table);
    if (method !== "GET") return { status: 204 }; // settings of a table that nothing here depends on
    const context = `${base}/$metadata#EntityDefinitions/$entity`;
    return {
      status: 200,
      body: { "@odata.context": context, ...shape(tableObject(call, table), parseOptions(query)) },
    };
  }
  if (part.name === "Attributes") return columnsRoute(call, table, part, rest);
  if (part.name === "Keys" && method === "POST") return createKey(call, table);
  if (!(part.name in expandableOf(call, table))) throw noSegment(part.name);
  const objects = expandableOf(call, table)[part.name]?.() ?? [];
  return many(call, part.name, selectMetadata(objects, parseOptions(query)));
}

function columnsRoute(call: Call, table: Table, part: Segment, rest: readonly Segment[]): ApiResponse {
  const { method, query, base } = call.request;
  const cast = rest[0] && CAST.exec(rest[0].name)?.[1];
  if (rest[0] && cast === undefined) throw noSegment(rest[0].name);
  if (part.key === undefined) {
    if (method === "POST") return createColumn(call, table);
    const columns =
      cast === undefined ? table.columns : table.columns.filter((column) => metadataType(column) === cast);
    const options = parseOptions(query);
    const objects = columns.map((column) =>
      columnObject(table, column, cast !== undefined, options.select === undefined),
    );
    return many(call, `EntityDefinitions('${table.name}')/Attributes`, selectMetadata(objects, options));
  }
  const key = namedKey(part.key);
  const id = part.key.toLowerCase();
  const column = table.columns.find(
    ({ name }) => name === key.LogicalName || stableId("column", table.name, name) === id,
  );
  if (!column || (cast !== undefined && metadataType(column) !== cast))
    throw new ODataError(404, "0x80060888", `Could not find an attribute with the specified name: ${part.key}.`);
  if (method === "DELETE") return deleteColumn(call, table, column);
  if (method !== "GET") return { status: 204 };
  const context = `${base}/$metadata#EntityDefinitions('${table.name}')/Attributes/$entity`;
  const json = shape(columnObject(table, column, cast !== undefined, !query.has("$select")), parseOptions(query));
  return { status: 200, body: { "@odata.context": context, ...json } };
}

function many(call: Call, of: string, value: unknown[]): ApiResponse {
  return { status: 200, body: { "@odata.context": `${call.request.base}/$metadata#${of}`, value } };
}

function tableObject(call: Call, table: Table): MetadataObject {
  return {
    type: "EntityMetadata",
    json: tableJson(table, call.environment.privileges.of(table)),
    expandable: expandableOf(call, table),
  };
}

function expandableOf(call: Call, table: Table): Readonly<Record<string, () => readonly MetadataObject[]>> {
  const { catalogue } = call.environment;
  const simple = (type: string, json: readonly Readonly<Record<string, unknown>>[]): MetadataObject[] =>
    json.map((each) => ({ type, json: each, expandable: {} }));
  return {
    Attributes: () => table.columns.map((column) => columnObject(table, column, true)),
    Keys: () => simple("EntityKeyMetadata", keyJson(table)),
    ManyToOneRelationships: () =>
      simple("OneToManyRelationshipMetadata", relationshipJson(catalogue, table, "ManyToOne")),
    OneToManyRelationships: () =>
      simple("OneToManyRelationshipMetadata", relationshipJson(catalogue, table, "OneToMany")),
    ManyToManyRelationships: () => [],
  };
}

/** Without a cast only what all columns have can be selected, and nothing expanded: as on the real one. */
function columnObject(table: Table, column: Column, cast: boolean, whole = true): MetadataObject {
  const at = table.columns.indexOf(column);
  const details = whole || cast ? columnDetails(column) : {};
  if (!cast)
    return { type: "AttributeMetadata", json: { ...columnJson(table, column, at), ...details }, expandable: {} };
  const sets = optionSets(table, column);
  return {
    type: metadataType(column),
    json: { ...columnJson(table, column, at), ...columnDetails(column) },
    expandable: Object.fromEntries(
      Object.entries(sets).map(([name, set]) => [name, () => set as Record<string, unknown> | null]),
    ),
  };
}

function tableOf(call: Call, key: string): Table {
  const { catalogue } = call.environment;
  const name = String(namedKey(key).LogicalName ?? "");
  const id = key.toLowerCase();
  const table = catalogue.all().find((each) => each.name === name || stableId("table", each.name) === id);
  if (table) return table;
  throw new ODataError(404, "0x80060888", `Could not find an entity with the specified name: ${key}.`);
}
