import type { LogicEngine } from "json-logic-engine";
import type { Change } from "../shared/domain/change.ts";
import { fieldAfter, fieldBefore } from "../shared/domain/compare.ts";
import type { Condition } from "../shared/domain/condition.ts";
import type { RecordTrigger } from "../shared/domain/trigger.ts";
import { type Columns, isReference } from "../shared/domain/value.ts";

/** Triggers of one table as JSON logic rules, compiled; answers those that a change fires, in their order. */
export function logicPeer(engine: LogicEngine, triggers: readonly RecordTrigger[]) {
  engine.addMethod("begins", ([text, part]: [string, string]) => text.startsWith(part));
  const rules = triggers.map((trigger) => ({
    trigger,
    test: engine.build(ruleOf(trigger)) as (data: unknown) => unknown,
  }));
  return (input: unknown): RecordTrigger[] => rules.filter(({ test }) => test(input)).map(({ trigger }) => trigger);
}

/** A change as the rules see it. Made beforehand: it is no part of what is measured. */
export function inputOf(change: Change): object {
  return {
    written: change.written,
    change: { depth: change.depth },
    before: flat(change.before),
    event: flat(change.after),
  };
}

/** A trigger as one JSON logic rule: one of its columns was written and differs, and its condition holds. */
function ruleOf({ updated, condition }: RecordTrigger): object {
  const columns = updated === undefined || updated.columns === "any" ? [] : updated.columns;
  const differs = columns.map((column) => ({
    and: [{ in: [column, { var: "written" }] }, { "!==": [{ var: `before.${column}` }, { var: `event.${column}` }] }],
  }));
  return { and: [{ or: differs }, ...(condition === undefined ? [] : [logicOf(condition)])] };
}

function logicOf(condition: Condition): object {
  switch (condition.kind) {
    case "all":
      return { and: condition.of.map(logicOf) };
    case "any":
      return { or: condition.of.map(logicOf) };
    case "not":
      return { "!": [logicOf(condition.of)] };
    case "compare": {
      const seen = { var: condition.field };
      const before = { var: fieldBefore(condition.field) };
      const after = { var: fieldAfter(condition.field) };
      switch (condition.op) {
        case "eq":
          return { "===": [seen, condition.value] };
        case "gt":
          return { ">": [seen, condition.value] };
        case "ge":
          return { ">=": [seen, condition.value] };
        case "lt":
          return { "<": [seen, condition.value] };
        case "le":
          return { "<=": [seen, condition.value] };
        case "starts-with":
          return { begins: [seen, condition.value] };
        case "contains":
          return { in: [condition.value, seen] };
        case "changed-to":
          return { and: [{ "!==": [before, after] }, { "===": [after, condition.value] }] };
        case "changed-from":
          return { and: [{ "!==": [before, after] }, { "===": [before, condition.value] }] };
        default:
          throw new Error(`the catalogue asks no ${condition.op}`);
      }
    }
    default:
      throw new Error(`the catalogue asks no ${condition.kind}`);
  }
}

function flat(columns: Columns | null): object {
  return Object.fromEntries(
    Object.entries(columns ?? {}).map(([column, value]) => [column, isReference(value) ? value.id : value]),
  );
}
