import type { Table } from "../catalogue/types.ts";
import type { NameOf } from "../odata/formatted.ts";
import type { Change } from "../records/change.ts";
import type { Row, Value, Values } from "../store/values.ts";
import { entity, entityReference, NS, type Pair, pairs } from "./contract-value.ts";
import type { Image, Registration } from "./registrations.ts";

export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly businessUnit: string;
}

export interface ContextDeps {
  readonly organisation: Organisation;
  readonly nameOf: NameOf;
  readonly directoryIdOf: (user: string) => string;
}

/** The RemoteExecutionContext of one change for one asynchronous step. Property order as recorded: by name. */
export function executionContext(change: Change, step: Registration, operationId: string, deps: ContextDeps): unknown {
  const { message } = change;
  const tag: Pair[] = change.caller.tag === undefined ? [] : [{ key: "tag", value: change.caller.tag }];
  const created: Pair[] = [
    { key: "IsAutoTransact", value: true },
    { key: "DefaultsAddedFlag", value: true },
  ];
  const changedTypes: Pair = {
    key: "ChangedEntityTypes",
    value: [
      { __type: "KeyValuePairOfstringstring:#System.Collections.Generic", key: change.table.name, value: message },
    ],
  };
  const parent = level(change, step, operationId, deps, {
    InputParameters: [
      ...targetOf(change, change.requested, true, deps.nameOf),
      { key: "SuppressDuplicateDetection", value: false },
    ],
    OutputParameters: [],
    ParentContext: null,
    PostEntityImages: [],
    PreEntityImages: [],
    SharedVariables: [...(message === "Create" ? created : [changedTypes]), ...tag],
    Stage: 30,
  });
  return level(change, step, operationId, deps, {
    InputParameters: targetOf(change, change.target, false, deps.nameOf),
    OutputParameters: message === "Create" ? [{ key: "id", value: change.id }] : [],
    ParentContext: message === "Delete" ? null : parent,
    PostEntityImages: images(change, step.images, "post", deps.nameOf),
    PreEntityImages: images(change, step.images, "pre", deps.nameOf),
    SharedVariables: [...(message === "Create" ? created : []), ...tag],
    Stage: 40,
  });
}

interface Level {
  readonly InputParameters: readonly Pair[];
  readonly OutputParameters: readonly Pair[];
  readonly ParentContext: unknown;
  readonly PostEntityImages: readonly Pair[];
  readonly PreEntityImages: readonly Pair[];
  readonly SharedVariables: readonly Pair[];
  readonly Stage: number;
}

function level(change: Change, step: Registration, operationId: string, deps: ContextDeps, own: Level): unknown {
  const { caller, table, id } = change;
  const user = step.impersonating ?? caller.user;
  return {
    BusinessUnitId: deps.organisation.businessUnit,
    CorrelationId: caller.correlationId,
    Depth: caller.depth,
    InitiatingUserAzureActiveDirectoryObjectId: deps.directoryIdOf(caller.user),
    InitiatingUserId: caller.user,
    InputParameters: own.InputParameters,
    IsExecutingOffline: false,
    IsInTransaction: false,
    IsOfflinePlayback: false,
    IsolationMode: 1,
    MessageName: change.message,
    Mode: 1,
    OperationCreatedOn: `/Date(${change.at}+0000)/`,
    OperationId: operationId,
    OrganizationId: deps.organisation.id,
    OrganizationName: deps.organisation.name,
    OutputParameters: own.OutputParameters,
    OwningExtension: entityReference("sdkmessageprocessingstep", step.id),
    ParentContext: own.ParentContext,
    PostEntityImages: own.PostEntityImages,
    PreEntityImages: own.PreEntityImages,
    PrimaryEntityId: id,
    PrimaryEntityName: table.name,
    RequestId: caller.requestId,
    SecondaryEntityName: "none",
    SharedVariables: own.SharedVariables,
    Stage: own.Stage,
    UserAzureActiveDirectoryObjectId: deps.directoryIdOf(user),
    UserId: user,
  };
}

/** A delete's Target is a reference; only a create's has formatted values. */
function targetOf(change: Change, values: Values, asked: boolean, nameOf: NameOf): Pair[] {
  const { table, id, message } = change;
  if (message === "Delete") return [{ key: "Target", value: entityReference(table.name, id) }];
  const target = entity(table, id, values, message === "Create" && !asked ? "values" : "none", nameOf);
  if (message === "Create" && asked) target.FormattedValues = rawFormatted(table, values);
  return [{ key: "Target", value: { __type: `Entity:${NS}`, ...target } }];
}

/** In the parent's Target only plain values are formatted, and without any culture. */
function rawFormatted(table: Table, values: Values): Pair[] {
  const plain = table.columns.filter(({ type }) => type === "integer" || type === "decimal" || type === "boolean");
  const texts: Record<string, string> = {};
  for (const { name } of plain) {
    const value = values[name];
    if (value === undefined || value === null) continue;
    texts[name] = typeof value === "boolean" ? (value ? "True" : "False") : String(value);
  }
  return pairs(texts);
}

function images(change: Change, registered: readonly Image[], side: "pre" | "post", nameOf: NameOf): Pair[] {
  const row = side === "pre" ? change.before : change.after;
  if (!row) return [];
  const { table } = change;
  const own = registered
    .filter((image) => image[side])
    .map(({ alias, columns }): Pair => ({ key: alias, value: imageOf(table, row, columns, nameOf) }));
  if (side === "pre") return own;
  const primary = { [table.primaryName]: row.values[table.primaryName] ?? null, [table.primaryId]: row.id };
  return [
    ...own,
    { key: "AsynchronousStepPrimaryName", value: entity(table, row.id, present(primary), "none", nameOf) },
  ];
}

/** Images carry no nulls, and the row's id whether or not it was registered. */
function imageOf(table: Table, row: Row, columns: ReadonlySet<string> | undefined, nameOf: NameOf): unknown {
  const names = Object.keys(row.values).filter((name) => !columns || columns.has(name) || name === table.primaryId);
  const values: Record<string, Value> = {};
  for (const name of names.sort()) values[name] = row.values[name] ?? null;
  return entity(table, row.id, present(values), "lookups", nameOf);
}

function present(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
