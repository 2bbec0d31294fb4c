import { activeStates, labels, lookup, text } from "../catalogue/columns.ts";
import { table as tableOf } from "../catalogue/table.ts";
import type { AlternateKey, Column, Table } from "../catalogue/types.ts";
import { badRequest, ODataError } from "../errors.ts";
import type { ApiResponse, Call } from "../http/api.ts";
import { bodyOf } from "../http/rows.ts";
import { stableId } from "../store/stable-id.ts";
import { type ColumnBody, columnOf, labelsOf, schemaName } from "./column-body.ts";
import { findOptionSet } from "./option-set-routes.ts";

/** Custom tables get type codes from here on, as in every environment. */
const FIRST_CUSTOM_CODE = 10_000;

/** `POST EntityDefinitions` */
export function createTable(call: Call): ApiResponse {
  const { environment, request } = call;
  const body = bodyOf(call) as ColumnBody & {
    DisplayCollectionName?: unknown;
    EntitySetName?: unknown;
    OwnershipType?: unknown;
    Attributes?: readonly ColumnBody[];
  };
  const schema = schemaName(body);
  const name = schema.toLowerCase();
  if (environment.catalogue.find(name))
    throw badRequest(`An entity with the specified name ${name} already exists.`, "0x80044305");
  const shown = labelsOf(body.DisplayName) ?? labels(schema);
  const plural = labelsOf(body.DisplayCollectionName) ?? labels(`${shown[1033]}s`, `${shown[1036]}s`);
  const columns = (body.Attributes ?? []).map((each) => columnOf(each));
  const primary = body.Attributes?.find((each) => each.IsPrimaryName === true);
  const primaryName = primary ? schemaName(primary).toLowerCase() : `${name.split("_")[0]}_name`;
  if (!primary) columns.push({ ...text(primaryName, "Name", "Nom", 100), custom: true });
  const codes = environment.catalogue.all().map((each) => each.typeCode);
  const made = tableOf({
    name,
    schemaName: schema,
    set: typeof body.EntitySetName === "string" ? body.EntitySetName : pluralOf(name),
    typeCode: Math.max(FIRST_CUSTOM_CODE, ...codes) + 1,
    names: [shown[1033], shown[1036], plural[1033], plural[1036]],
    primaryName,
    ownership: body.OwnershipType === "OrganizationOwned" ? "OrganizationOwned" : "UserOwned",
    custom: true,
    columns: [...columns, ...activeStates()],
  });
  environment.atomically(() => environment.define(made));
  return createdAt(`${request.base}/EntityDefinitions(${stableId("table", name)})`);
}

/** `POST EntityDefinitions(…)/Attributes` */
export function createColumn(call: Call, table: Table): ApiResponse {
  const column = withGlobalOptions(call, columnOf(bodyOf(call) as ColumnBody));
  addColumn(call, table, column);
  const id = stableId("column", table.name, column.name);
  return createdAt(`${call.request.base}/EntityDefinitions(${stableId("table", table.name)})/Attributes(${id})`);
}

/** `GlobalOptionSet@odata.bind` takes the options of a shared choice. */
function withGlobalOptions(call: Call, column: Column): Column {
  const bound = bodyOf(call)["GlobalOptionSet@odata.bind"];
  const key = typeof bound === "string" ? /\((.*)\)\s*$/.exec(bound)?.[1] : undefined;
  if (key === undefined) return column;
  const { name, options } = findOptionSet(call, key);
  return { ...column, options, optionSetName: name, globalOptionSet: true };
}

/** `POST RelationshipDefinitions`: a lookup is made with its relationship. */
export function createRelationship(call: Call): ApiResponse {
  const body = bodyOf(call) as {
    SchemaName?: string;
    ReferencedEntity?: string;
    ReferencingEntity?: string;
    Lookup?: ColumnBody;
  };
  if (!body.Lookup || !body.ReferencedEntity || !body.ReferencingEntity)
    throw badRequest("Only OneToManyRelationshipMetadata with a Lookup can be created here.", "0x80048d19");
  const { catalogue } = call.environment;
  const target = catalogue.table(body.ReferencedEntity);
  const child = catalogue.table(body.ReferencingEntity);
  const schema = schemaName(body.Lookup);
  const collection = body.SchemaName ?? `${child.schemaName}_${target.name}_${schema}`;
  addColumn(call, child, lookupColumn(body.Lookup, [[target.name, collection]]));
  return createdAt(
    `${call.request.base}/RelationshipDefinitions(${stableId("relationship", child.name, schema.toLowerCase(), target.name)})`,
  );
}

/** `POST CreateCustomerRelationships`: a lookup to accounts and contacts. */
export function createCustomerColumn(call: Call): ApiResponse {
  const body = bodyOf(call) as {
    Lookup?: ColumnBody;
    OneToManyRelationships?: readonly { SchemaName?: string; ReferencedEntity?: string; ReferencingEntity?: string }[];
  };
  const relations = body.OneToManyRelationships ?? [];
  const [first] = relations;
  if (!body.Lookup || !first?.ReferencingEntity)
    throw badRequest("CreateCustomerRelationships needs Lookup and OneToManyRelationships.", "0x80048d19");
  const child = call.environment.catalogue.table(first.ReferencingEntity);
  const targets = relations.map(
    ({ ReferencedEntity = "", SchemaName = "" }) => [ReferencedEntity, SchemaName] as const,
  );
  addColumn(call, child, { ...lookupColumn(body.Lookup, targets), type: "customer" });
  const context = `${call.request.base}/$metadata#Microsoft.Dynamics.CRM.CreateCustomerRelationshipsResponse`;
  const attribute = stableId("column", child.name, schemaName(body.Lookup).toLowerCase());
  return { status: 200, body: { "@odata.context": context, RelationshipIds: [], AttributeId: attribute } };
}

/** `POST EntityDefinitions(…)/Keys` */
export function createKey(call: Call, table: Table): ApiResponse {
  const body = bodyOf(call) as ColumnBody & { KeyAttributes?: readonly string[] };
  const key: AlternateKey = { name: schemaName(body).toLowerCase(), columns: body.KeyAttributes ?? [] };
  const { columns } = call.environment.catalogue.index(table.name);
  const unknown = key.columns.find((name) => !columns.has(name));
  if (unknown !== undefined || key.columns.length === 0)
    throw badRequest(`The key's column '${unknown ?? ""}' does not exist.`, "0x80060890");
  call.environment.atomically(() =>
    call.environment.define({ ...table, keys: [...table.keys.filter(({ name }) => name !== key.name), key] }),
  );
  return createdAt(
    `${call.request.base}/EntityDefinitions(${stableId("table", table.name)})/Keys(${stableId("key", table.name, key.name)})`,
  );
}

export function deleteTable(call: Call, table: Table): ApiResponse {
  if (!table.custom)
    throw new ODataError(403, "0x80048d21", `The entity ${table.name} is a system entity and cannot be deleted.`);
  call.environment.atomically(() => call.environment.undefine(table.name));
  return { status: 204 };
}

export function deleteColumn(call: Call, table: Table, column: Column): ApiResponse {
  if (!column.custom)
    throw new ODataError(
      403,
      "0x80048d21",
      `The attribute ${column.name} is a system attribute and cannot be deleted.`,
    );
  const columns = table.columns.filter((each) => each !== column);
  call.environment.atomically(() => call.environment.define({ ...table, columns }));
  return { status: 204 };
}

function lookupColumn(body: ColumnBody, targets: readonly (readonly [string, string])[]): Column {
  const schema = schemaName(body);
  const shown = labelsOf(body.DisplayName) ?? labels(schema);
  const column = lookup(schema.toLowerCase(), shown[1033], shown[1036], targets, { schemaName: schema, custom: true });
  // Custom navigation properties bear the schema name, with its capitals.
  const named = column.targets?.map((target) => ({
    ...target,
    navigation: targets.length === 1 ? schema : `${schema}_${target.table}`,
  }));
  return { ...column, ...(named ? { targets: named } : {}) };
}

function addColumn({ environment }: Call, table: Table, column: Column): void {
  if (table.columns.some((each) => each.name === column.name))
    throw badRequest(
      `An attribute with the specified name ${column.name} already exists for entity ${table.name}.`,
      "0x80044153",
    );
  environment.atomically(() => environment.define({ ...table, columns: [...table.columns, column] }));
}

function createdAt(address: string): ApiResponse {
  return { status: 204, headers: { "OData-EntityId": address } };
}

/** Entity sets are named by simple English plurals. */
function pluralOf(name: string): string {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}
