import type { Catalogue } from "../catalogue/catalogue.ts";
import { edmTypeOf } from "../catalogue/edm.ts";
import { propertyOf, type Table } from "../catalogue/types.ts";
import type { ApiResponse, Call } from "../http/api.ts";

/** `GET $metadata`: the tables as an XML document, for tools that read it before anything else. */
export function csdl({ environment }: Call): ApiResponse {
  const { catalogue } = environment;
  const tables = catalogue.all();
  const types = tables.map((table) => entityType(catalogue, table)).join("");
  const sets = tables.map((table) => entitySet(catalogue, table)).join("");
  const schema = `<Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">${types}<EntityContainer Name="System">${sets}</EntityContainer></Schema>`;
  const body = `<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>${schema}</edmx:DataServices></edmx:Edmx>`;
  return { status: 200, headers: { "Content-Type": "application/xml; charset=utf-8" }, body };
}

function entityType(catalogue: Catalogue, table: Table): string {
  const { parents, children } = catalogue.index(table.name);
  const properties = table.columns
    .filter((column) => column.readable !== false)
    .map((column) => `<Property Name="${propertyOf(column)}" Type="${edmTypeOf(column)}"/>`);
  const single = [...parents]
    .filter(([, { targets }]) => targets.some((target) => catalogue.find(target.table)))
    .map(([name, { targets }]) => `<NavigationProperty Name="${name}" Type="mscrm.${targets[0]?.table}"/>`);
  const many = [...children.values()].map(
    (each) => `<NavigationProperty Name="${each.name}" Type="Collection(mscrm.${each.table.name})"/>`,
  );
  const key = `<Key><PropertyRef Name="${table.primaryId}"/></Key>`;
  return `<EntityType Name="${table.name}">${key}${properties.join("")}${single.join("")}${many.join("")}</EntityType>`;
}

function entitySet(catalogue: Catalogue, table: Table): string {
  const bindings = [...catalogue.index(table.name).parents].flatMap(([path, { targets }]) => {
    const target = catalogue.find(targets[0]?.table ?? "");
    return target ? [`<NavigationPropertyBinding Path="${path}" Target="${target.set}"/>`] : [];
  });
  return `<EntitySet Name="${table.set}" EntityType="Microsoft.Dynamics.CRM.${table.name}">${bindings.join("")}</EntitySet>`;
}
