import type { Change } from "../shared/domain/change.ts";
import { type Columns, type FieldValue, isReference } from "../shared/domain/value.ts";

const NS = "http://schemas.microsoft.com/xrm/2011/Contracts";
const CHOICES = new Set(["statecode", "statuscode", "prioritycode"]);

/**
 * A change as the body that Dataverse posts for it: asynchronous step, pre- and post-image, the request around it as
 * parent context, slashes escaped. About 8 KB, as real ones of tables with images are.
 */
export function bodyOf(change: Change): string {
  const written = Object.fromEntries(change.written.map((column) => [column, change.after?.[column] ?? null]));
  const context = {
    BusinessUnitId: change.organization,
    CorrelationId: change.record,
    Depth: change.depth,
    InitiatingUserId: change.initiatedBy,
    InputParameters: [{ key: "Target", value: { __type: `Entity:${NS}`, ...entity(change, written) } }],
    IsExecutingOffline: false,
    IsInTransaction: false,
    IsOfflinePlayback: false,
    IsolationMode: 1,
    MessageName: "Update",
    Mode: 1,
    OperationCreatedOn: `/Date(${Date.parse(change.at)}+0000)/`,
    OperationId: change.id.split(":")[1],
    OrganizationId: change.organization,
    OrganizationName: "atelierboreal",
    OutputParameters: [],
    OwningExtension: {
      Id: change.id.split(":")[0],
      KeyAttributes: [],
      LogicalName: "sdkmessageprocessingstep",
      Name: null,
      RowVersion: null,
    },
    PrimaryEntityId: change.record,
    PrimaryEntityName: change.table,
    RequestId: null,
    SecondaryEntityName: "none",
    UserId: change.by,
  };
  const noise = [
    "contact",
    "incident",
    "account",
    "lead",
    "salesorder",
    "invoice",
    "quote",
    "contract",
    "connection",
    "postfollow",
  ];
  const SharedVariables = [
    { key: "IsAutoTransact", value: true },
    {
      key: "ChangedEntityTypes",
      value: noise.map((key) => ({
        __type: "KeyValuePairOfstringstring:#System.Collections.Generic",
        key,
        value: "Update",
      })),
    },
  ];
  return JSON.stringify({
    ...context,
    ParentContext: {
      ...context,
      ParentContext: null,
      PostEntityImages: [],
      PreEntityImages: [],
      SharedVariables,
      Stage: 30,
    },
    PostEntityImages: [
      { key: "PostImage", value: entity(change, change.after ?? {}) },
      { key: "AsynchronousStepPrimaryName", value: entity(change, { title: change.after?.title ?? null }) },
    ],
    PreEntityImages: [{ key: "PreImage", value: entity(change, change.before ?? {}) }],
    SharedVariables: [],
    Stage: 40,
  }).replaceAll("/", "\\/");
}

function entity(change: Change, values: Columns): object {
  return {
    Attributes: Object.entries(values).map(([key, value]) => ({ key, value: wire(key, value) })),
    EntityState: null,
    FormattedValues: Object.keys(values)
      .filter((key) => CHOICES.has(key))
      .map((key) => ({ key, value: "Problem solved" })),
    Id: change.record,
    KeyAttributes: [],
    LogicalName: change.table,
    RelatedEntities: [],
    RowVersion: null,
  };
}

function wire(column: string, value: FieldValue): unknown {
  if (column === "modifiedon") return `/Date(${Date.parse(String(value))})/`;
  if (CHOICES.has(column)) return { __type: `OptionSetValue:${NS}`, Value: value };
  if (!isReference(value)) return value;
  const { id, table, name } = value;
  return {
    __type: `EntityReference:${NS}`,
    Id: id,
    KeyAttributes: [],
    LogicalName: table,
    Name: name,
    RowVersion: null,
  };
}
