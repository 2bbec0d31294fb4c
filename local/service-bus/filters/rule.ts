import type { CorrelationFilter, RuleConfig } from "../config.ts";
import type { Changes, Content } from "../message/content.ts";
import { comparable, type MessageView, systemField, viewOf } from "./message-view.ts";
import { type Expression, type PropertyName, SqlParser } from "./sql-expression.ts";
import { SqlError } from "./sql-tokens.ts";

/** A subscription's rule, ready to be asked. */
export interface Rule {
  readonly config: RuleConfig;
  matches(message: MessageView): boolean;
  /** What the rule's action makes of a message; undefined if it has none. */
  readonly change: ((content: Content, message: MessageView) => Content) | undefined;
}

/** The rule that a subscription without any has: it takes everything. */
export const DEFAULT_RULE: RuleConfig = { Name: "$Default", Properties: { SqlFilter: { SqlExpression: "1=1" } } };

/** Prepares a rule; throws a SqlError if its filter or action cannot be understood. */
export function compileRule(config: RuleConfig): Rule {
  const { CorrelationFilter: correlation, SqlFilter: sql, Action: action } = config.Properties;
  const set = action?.SqlExpression;
  return {
    config,
    matches: correlation ? correlates(correlation) : sql ? sqlFilter(sql.SqlExpression) : () => true,
    change: set === undefined || set.trim() === "" ? undefined : sqlAction(config.Name, set),
  };
}

/** The copies of a message that a subscription gets: one for each action that applies, else one as it is. */
export function copiesFor(rules: readonly Rule[], content: Content): Content[] {
  const view = viewOf(content);
  const matching = rules.filter((rule) => rule.matches(view));
  const changed = matching.flatMap(({ change }) => (change ? [change(content, view)] : []));
  return matching.length > changed.length ? [content, ...changed] : changed;
}

function correlates({ Properties = {}, ...system }: CorrelationFilter): (message: MessageView) => boolean {
  const wanted = Object.entries(system).filter(([, value]) => value !== undefined);
  const own = Object.entries(Properties).map(([name, value]) => [name, comparable(value)] as const);
  return (message) =>
    wanted.every(([name, value]) => message.system(name) === value) &&
    own.every(([name, value]) => message.exactly(name) === value);
}

function sqlFilter(text: string): (message: MessageView) => boolean {
  const parser = new SqlParser(text);
  const expression = parser.expression();
  parser.end();
  return (message) => expression(message) === true;
}

type Assignment = { readonly to: PropertyName; readonly value: Expression };
const nothing: Expression = () => undefined;

/** Reads `SET name = value; REMOVE name …`. Assignments see the message as it came; the copy tells which rule made it. */
function sqlAction(rule: string, text: string): (content: Content, message: MessageView) => Content {
  const parser = new SqlParser(text);
  const assignments: Assignment[] = [];
  while (!parser.atEnd) {
    if (parser.take("SET")) {
      const to = parser.property();
      parser.expect("=");
      assignments.push({ to, value: parser.expression() });
    } else if (parser.take("REMOVE")) assignments.push({ to: parser.property(), value: nothing });
    else throw new SqlError("an action must start with SET or REMOVE");
    parser.take(";"); // may be left out
  }
  return (content, message) => {
    const application: Record<string, unknown> = { RuleName: rule };
    const standard: Record<string, unknown> = {};
    for (const { to, value } of assignments) {
      const field = to.scope === "sys" ? systemField(to.name) : undefined;
      const result = value(message);
      // The system's properties are texts; a whole number goes out as AMQP's own type.
      if (field !== undefined) standard[field] = result === undefined ? undefined : String(result);
      else application[message.userName(to.name) ?? to.name] = typeof result === "bigint" ? Number(result) : result;
    }
    return content.changed(application satisfies Changes, standard);
  };
}
