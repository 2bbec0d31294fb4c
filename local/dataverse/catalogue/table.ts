import { bigint, guid, integer, labels, lookup, text, when } from "./columns.ts";
import type { AlternateKey, Column, Table } from "./types.ts";

export interface TableSpec {
  readonly name: string;
  readonly set: string;
  readonly typeCode: number;
  readonly names: readonly [en: string, fr: string, enPlural: string, frPlural: string];
  readonly primaryName: string;
  readonly columns: readonly Column[];
  readonly ownership?: Table["ownership"];
  readonly schemaName?: string;
  readonly primaryId?: string;
  readonly custom?: boolean;
  readonly steps?: boolean;
  readonly changeTracking?: boolean;
  readonly keys?: readonly AlternateKey[];
}

const set = { writable: false } as const;

/** The columns that the platform adds to every table and fills in itself. */
function auditColumns(): Column[] {
  return [
    when("createdon", "Created On", "Date de création", "UserLocal", set),
    lookup("createdby", "Created By", "Auteur", ["systemuser"], set),
    lookup("createdonbehalfby", "Created By (Delegate)", "Auteur (délégué)", ["systemuser"], set),
    when("modifiedon", "Modified On", "Date de modification", "UserLocal", set),
    lookup("modifiedby", "Modified By", "Modifié par", ["systemuser"], set),
    lookup("modifiedonbehalfby", "Modified By (Delegate)", "Modifié par (délégué)", ["systemuser"], set),
    // The creator may set it once: it becomes createdon, so that an import keeps its dates.
    when("overriddencreatedon", "Record Created On", "Enregistrement créé le", "UserLocal"),
    bigint("versionnumber", "Version Number", "Numéro de version", set),
    integer("importsequencenumber", "Import Sequence Number", "Numéro de séquence d'importation"),
  ];
}

function ownerColumns(): Column[] {
  return [
    lookup("ownerid", "Owner", "Propriétaire", ["systemuser", "team"], { type: "owner", required: "SystemRequired" }),
    lookup("owninguser", "Owning User", "Utilisateur propriétaire", ["systemuser"], set),
    lookup("owningbusinessunit", "Owning Business Unit", "Division propriétaire", ["businessunit"], set),
  ];
}

/** A whole table out of what is particular to it. */
export function table(spec: TableSpec): Table {
  const { name, names, ownership = "UserOwned", custom = false, primaryId = `${name}id` } = spec;
  const own = new Set(spec.columns.map((column) => column.name));
  const standard = [
    guid(primaryId, names[0], names[1], { required: "SystemRequired" }),
    ...auditColumns(),
    ...(ownership === "UserOwned" ? ownerColumns() : []),
  ].filter((column) => !own.has(column.name));
  const columns = [...standard, ...spec.columns].map((column) => named(name, custom, column));
  if (!columns.some((column) => column.name === spec.primaryName)) columns.push(text(spec.primaryName, "Name", "Nom"));
  return {
    name,
    schemaName: spec.schemaName ?? name,
    set: spec.set,
    labels: labels(names[0], names[1]),
    plural: labels(names[2], names[3]),
    typeCode: spec.typeCode,
    primaryId,
    primaryName: spec.primaryName,
    ownership,
    changeTracking: spec.changeTracking ?? true,
    custom,
    steps: spec.steps ?? true,
    keys: spec.keys ?? [],
    columns,
  };
}

/** Fills in names that the platform makes out of table and column. */
function named(table: string, custom: boolean, column: Column): Column {
  const targets = column.targets?.map((target) => ({
    ...target,
    // System relationships are called like lk_contact_createdby; the others by both tables and the column.
    collection:
      target.collection ||
      (target.table === "systemuser" ? `lk_${table}_${column.name}` : `${target.table}_${table}_${column.name}`),
  }));
  return {
    ...column,
    ...(targets ? { targets } : {}),
    ...(column.options && !column.optionSetName ? { optionSetName: `${table}_${column.name}` } : {}),
    ...(custom ? { custom: column.custom ?? column.name.includes("_") } : {}),
  };
}
