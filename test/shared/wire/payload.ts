import { readFileSync } from "node:fs";
import type { Change } from "../../../shared/domain/change.ts";
import { parseContext } from "../../../shared/wire/remote-execution-context.ts";

/** A real payload, as text. */
export function payload(name: string): string {
  return readFileSync(new URL(`../../fixtures/dataverse/${name}.json`, import.meta.url), "utf8");
}

export function changeOf(text: string, options?: { oversize: boolean }): Change {
  const parsed = parseContext(text, options);
  if (parsed.kind === "malformed") throw new Error(`${parsed.problem} at ${parsed.at}`);
  return parsed.change;
}

const NS = "http://schemas.microsoft.com/xrm/2011/Contracts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Attributes = Readonly<Record<string, Json>>;

const pairs = (values: Attributes): Json => Object.entries(values).map(([key, value]) => ({ key, value }));

export const typed = (type: string, rest: Attributes): Json => ({ __type: `${type}:${NS}`, ...rest });
export const option = (value: number): Json => typed("OptionSetValue", { Value: value });
export const lookup = (table: string, id: string, name: string | null = null): Json =>
  typed("EntityReference", { Id: id, KeyAttributes: [], LogicalName: table, Name: name, RowVersion: null });

export interface Shape {
  readonly target?: Attributes;
  readonly message?: string;
  readonly pre?: Attributes;
  readonly post?: Attributes;
  readonly shared?: Attributes;
  readonly over?: Attributes;
}

export const CASE = "5c0e1f1a-0000-4000-8000-00000000c001";

/** The body of a case's change, shaped like the real ones. */
export function caseBody(shape: Shape): string {
  const { target = {}, message = "Update", pre, post, shared = {}, over = {} } = shape;
  const image = (values: Attributes): Json => ({
    Attributes: pairs(values),
    FormattedValues: [],
    Id: CASE,
    LogicalName: "incident",
  });
  return JSON.stringify({
    Depth: 1,
    InitiatingUserId: "11111111-aaaa-4aaa-8aaa-000000000001",
    InputParameters: [
      {
        key: "Target",
        value:
          message === "Delete"
            ? lookup("incident", CASE)
            : typed("Entity", { Attributes: pairs(target), FormattedValues: [], Id: CASE, LogicalName: "incident" }),
      },
    ],
    MessageName: message,
    Mode: 1,
    OperationCreatedOn: "/Date(1772355600000+0000)/",
    OperationId: "22222222-aaaa-4aaa-8aaa-000000000002",
    OrganizationId: "33333333-aaaa-4aaa-8aaa-000000000003",
    OwningExtension: { Id: "44444444-aaaa-4aaa-8aaa-000000000004", LogicalName: "sdkmessageprocessingstep" },
    ParentContext: null,
    PostEntityImages: post === undefined ? [] : [{ key: "Post", value: image(post) }],
    PreEntityImages: pre === undefined ? [] : [{ key: "Pre", value: image(pre) }],
    PrimaryEntityId: CASE,
    PrimaryEntityName: "incident",
    SharedVariables: pairs(shared),
    UserId: "11111111-aaaa-4aaa-8aaa-000000000001",
    ...over,
  });
}
