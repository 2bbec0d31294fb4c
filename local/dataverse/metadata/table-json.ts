import type { Catalogue } from "../catalogue/catalogue.ts";
import { isLookup, type Table } from "../catalogue/types.ts";
import type { Json } from "../odata/entity-json.ts";
import { isAudited } from "../records/audits.ts";
import type { Privilege } from "../records/privileges.ts";
import { stableId } from "../store/stable-id.ts";
import { auditable, label } from "./column-json.ts";

export function tableJson(table: Table, privileges: readonly Privilege[]): Json {
  return {
    MetadataId: stableId("table", table.name),
    LogicalName: table.name,
    SchemaName: table.schemaName,
    LogicalCollectionName: table.set,
    CollectionSchemaName: table.set,
    EntitySetName: table.set,
    DisplayName: label(table.labels),
    DisplayCollectionName: label(table.plural),
    Description: { LocalizedLabels: [], UserLocalizedLabel: null },
    ObjectTypeCode: table.typeCode,
    OwnershipType: table.ownership,
    PrimaryIdAttribute: table.primaryId,
    PrimaryNameAttribute: table.primaryName,
    ChangeTrackingEnabled: table.changeTracking,
    IsAuditEnabled: auditable(isAudited(table)),
    IsCustomEntity: table.custom,
    IsManaged: !table.custom,
    IsActivity: table.primaryId === "activityid",
    IsIntersect: false,
    IsPrivate: false,
    IsLogicalEntity: false,
    IsValidForAdvancedFind: table.steps,
    IsCustomizable: { Value: true, CanBeChanged: true, ManagedPropertyLogicalName: "iscustomizable" },
    TableType: "Standard",
    Privileges: privileges.map((privilege) => ({
      CanBeBasic: table.ownership === "UserOwned",
      CanBeLocal: table.ownership === "UserOwned",
      CanBeDeep: table.ownership === "UserOwned",
      CanBeGlobal: true,
      CanBeEntityReference: false,
      CanBeParentEntityReference: false,
      CanBeRecordFilter: false,
      ...privilege,
    })),
  };
}

export function keyJson(table: Table): Json[] {
  return table.keys.map((key) => ({
    MetadataId: stableId("key", table.name, key.name),
    LogicalName: key.name,
    SchemaName: key.name,
    EntityLogicalName: table.name,
    KeyAttributes: key.columns,
    EntityKeyIndexStatus: "Active",
  }));
}

/** Lookups of this table as relationships; the other direction are those that point here. */
export function relationshipJson(catalogue: Catalogue, table: Table, direction: "ManyToOne" | "OneToMany"): Json[] {
  const from = direction === "ManyToOne" ? [table] : catalogue.all();
  return from.flatMap((child) =>
    child.columns.filter(isLookup).flatMap((column) =>
      (column.targets ?? [])
        .filter((target) => direction === "ManyToOne" || target.table === table.name)
        .map((target) => ({
          MetadataId: stableId("relationship", child.name, column.name, target.table),
          SchemaName: target.collection,
          RelationshipType: "OneToManyRelationship",
          ReferencedEntity: target.table,
          ReferencedAttribute: catalogue.find(target.table)?.primaryId ?? `${target.table}id`,
          ReferencingEntity: child.name,
          ReferencingAttribute: column.name,
          ReferencedEntityNavigationPropertyName: target.collection,
          ReferencingEntityNavigationPropertyName: target.navigation,
          IsCustomRelationship: column.custom === true,
        })),
    ),
  );
}
