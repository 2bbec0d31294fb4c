import fc from "fast-check";
import type { Change } from "../../../shared/domain/change.ts";
import type { RowComparison } from "../../../shared/domain/child-rows.ts";
import type { Condition } from "../../../shared/domain/condition.ts";
import type { RecordTrigger } from "../../../shared/domain/trigger.ts";
import type { Columns, FieldValue } from "../../../shared/domain/value.ts";

/** Few columns and values, so that random triggers and changes meet often. */
export const COLUMNS = ["statecode", "statuscode", "title", "customerid", "choices", "due", "modifiedon"] as const;

const IDS = ["5c0e1f1a-0000-4000-8000-00000000c001", "5c0e1f1a-0000-4000-8000-00000000c002"] as const;

export const value: fc.Arbitrary<FieldValue> = fc.oneof(
  fc.constant(null),
  fc.constantFrom<FieldValue>(0, 1, 2, true, false, "", "abc", "ABC", "5", "constructor"),
  fc.constantFrom<FieldValue>(
    "2026-03-01",
    "2026-03-01T00:00:00.000Z",
    "2026-03-02T00:00:00Z",
    "2026-03-01T01:00:00+01:00",
  ),
  fc.constantFrom<FieldValue>(...IDS, IDS[0].toUpperCase()),
  fc
    .record({
      table: fc.constantFrom("contact", "account", "lead"),
      id: fc.constantFrom(...IDS),
      name: fc.constantFrom(null, "Zoé"),
    })
    .map((reference): FieldValue => reference),
  fc.subarray([1, 2, 3]).map((numbers): FieldValue => numbers),
);

export const column = fc.constantFrom(...COLUMNS);

const field = fc.oneof(
  { weight: 6, arbitrary: column.map((name) => `event.${name}`) },
  { weight: 3, arbitrary: column.map((name) => `before.${name}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("change.depth", "change.tag", "change.by", "change.message", "event.constructor"),
  },
);

const comparison: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant("compare" as const),
    field,
    op: fc.constantFrom(
      "eq",
      "eq",
      "ne",
      "gt",
      "ge",
      "lt",
      "le",
      "contains",
      "starts-with",
      "changed-from",
      "changed-to",
    ),
    value,
  }),
  fc.record({
    kind: fc.constant("compare" as const),
    field,
    op: fc.constant("in" as const),
    value: fc.array(value, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant("compare" as const), field, op: fc.constantFrom("is-null", "changed") }),
  fc.record({
    kind: fc.constant("compare" as const),
    field,
    op: fc.constantFrom("within-last", "within-next"),
    value: fc.constantFrom("P1D", "P2M", "PT1H"),
  }),
);

const ofRows: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant("compare" as const),
    field: fc.constantFrom("audience.title", "related.customerid.title", "related.title.due"),
    op: fc.constantFrom("eq", "ne", "gt", "contains"),
    value,
  }),
  fc.record({
    kind: fc.constantFrom("has", "has-no"),
    table: fc.constantFrom("incident", "task"),
    lookup: fc.constant("customerid"),
    whose: fc.constantFrom("audience", "record", "record.customerid"),
    where: fc.constant<RowComparison[]>([]),
    others: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("count" as const),
    table: fc.constant("incident"),
    lookup: fc.constant("customerid"),
    whose: fc.constantFrom("audience", "record.statecode"),
    where: fc.constant<RowComparison[]>([]),
    others: fc.boolean(),
    op: fc.constantFrom("eq", "ne", "gt", "ge", "lt", "le"),
    value: fc.nat({ max: 3 }),
  }),
);

function treeOf(leaf: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> {
  return fc.letrec<{ tree: Condition }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { weight: 3, arbitrary: leaf },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant("all" as const), of: fc.array(tie("tree"), { maxLength: 3 }) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant("any" as const), of: fc.array(tie("tree"), { maxLength: 3 }) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("not" as const), of: tie("tree") }) },
    ),
  })).tree;
}

/** What an event alone decides. */
export const condition = treeOf(comparison);
/** What only rows decide, in part. */
export const rowCondition = treeOf(fc.oneof({ weight: 2, arbitrary: comparison }, { weight: 1, arbitrary: ofRows }));

export const columns: fc.Arbitrary<Columns> = fc.dictionary(column, value, { maxKeys: COLUMNS.length });

export const NOW = Date.parse("2026-03-02T00:00:00Z");

export const change: fc.Arbitrary<Change> = fc
  .record({
    table: fc.constantFrom("incident", "contact"),
    message: fc.constantFrom<Change["message"]>("create", "update", "update", "delete"),
    written: fc.uniqueArray(column),
    before: columns,
    after: columns,
    depth: fc.constantFrom(1, 2),
    tag: fc.constantFrom(null, "abc"),
    oversize: fc.constantFrom(false, false, false, true),
    by: fc.constantFrom(...IDS),
    initiatedBy: fc.constantFrom(...IDS),
    imported: fc.constantFrom(undefined, undefined, "user" as const, "column" as const),
  })
  .map(
    ({ imported, ...it }): Change => ({
      id: "step:operation:record",
      organization: "org",
      record: IDS[1],
      at: "2026-03-01T00:00:00.000Z",
      ...it,
      ...(imported !== undefined && { imported }),
      written: it.message === "delete" || it.oversize ? [] : it.written,
      before: it.message === "create" ? null : it.oversize ? {} : it.before,
      after: it.message === "delete" ? null : it.oversize ? {} : it.after,
    }),
  );

const user = fc.constantFrom(...IDS, IDS[1].toUpperCase());

export const triggers: fc.Arbitrary<RecordTrigger[]> = fc
  .array(
    fc.record(
      {
        table: fc.constantFrom("incident", "incident", "contact"),
        created: fc.boolean(),
        deleted: fc.boolean(),
        updated: fc.record({
          columns: fc.oneof(fc.constant("any" as const), fc.uniqueArray(column, { minLength: 1, maxLength: 3 })),
          onlyWhenChanged: fc.boolean(),
        }),
        by: fc.uniqueArray(user, { minLength: 1 }),
        ignore: fc.record({
          users: fc.uniqueArray(user, { maxLength: 1 }),
          imports: fc.boolean(),
          own: fc.boolean(),
        }),
        condition: fc.oneof({ weight: 3, arbitrary: condition }, { weight: 1, arbitrary: rowCondition }),
      },
      { requiredKeys: ["table", "created", "deleted"] },
    ),
    { maxLength: 30 },
  )
  .map((list) =>
    list.map(
      (it, index): RecordTrigger => ({
        kind: "record",
        slug: `trigger-${index}`,
        name: `Trigger ${index}`,
        audience: [{ column: "customerid", table: "contact" }],
        ...it,
      }),
    ),
  );
