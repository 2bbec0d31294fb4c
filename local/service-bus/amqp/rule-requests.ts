import type { CorrelationFilter, RuleConfig } from "../config.ts";
import { compileRule } from "../filters/rule.ts";
import type { Broker, Source } from "../model/broker.ts";
import { AmqpFault, PROBLEM } from "./conditions.ts";
import type { Reply } from "./requests.ts";
import { type Typed, types } from "./rhea.ts";

/** Descriptors of Azure's own AMQP types for rules. */
const RULE = 0x0000_0137_0000_0004;
const SQL_ACTION = 0x0000_0137_0000_0006;
const NO_ACTION = 0x0000_0137_0000_0005;
const SQL_FILTER = 0x0000_0013_7000_0006;
const CORRELATION_FILTER = 0x0000_0013_7000_0009;

type Body = Record<string, unknown>;

/** A correlation filter's fields, in the order in which the rule's list holds them, by the names a request gives them. */
const CORRELATION_FIELDS = [
  ["CorrelationId", "correlation-id"],
  ["MessageId", "message-id"],
  ["To", "to"],
  ["ReplyTo", "reply-to"],
  ["Label", "label"],
  ["SessionId", "session-id"],
  ["ReplyToSessionId", "reply-to-session-id"],
  ["ContentType", "content-type"],
] as const;

export function listRules({ rules }: Source, body: Body): Reply {
  const skip = Number(body.skip);
  const page = rules.slice(skip, skip + Number(body.top));
  return { status: 200, body: { rules: page.map(({ config }) => ({ "rule-description": describeRule(config) })) } };
}

export function addRule(broker: Broker, source: Source, body: Body): Reply {
  const name = String(body["rule-name"]);
  if (source.rules.some(({ config }) => config.Name === name)) throw new AmqpFault(PROBLEM.exists(`The rule ${name}`));
  const rule = compileRule(readRule(name, body["rule-description"] as Body));
  broker.setRules(source, [...source.rules, rule]);
  return { status: 200 };
}

export function removeRule(broker: Broker, source: Source, body: Body): Reply {
  const name = String(body["rule-name"]);
  const left = source.rules.filter(({ config }) => config.Name !== name);
  if (left.length === source.rules.length) throw new AmqpFault(PROBLEM.notFound(name));
  broker.setRules(source, left);
  return { status: 200 };
}

function readRule(name: string, description: Body): RuleConfig {
  const sql = description["sql-filter"] as Body | undefined;
  const correlation = description["correlation-filter"] as Body | undefined;
  const action = description["sql-rule-action"] as Body | undefined;
  const fields = CORRELATION_FIELDS.map(([field, key]) => [field, correlation?.[key] ?? undefined]);
  const properties = (correlation?.properties ?? undefined) as CorrelationFilter["Properties"];
  return {
    Name: name,
    Properties: {
      ...(sql && { SqlFilter: { SqlExpression: String(sql.expression) } }),
      ...(correlation && { CorrelationFilter: { ...Object.fromEntries(fields), Properties: properties } }),
      ...(action && { Action: { SqlExpression: String(action.expression) } }),
    },
  };
}

function describeRule({ Name, Properties }: RuleConfig): Typed {
  const { CorrelationFilter: correlation, SqlFilter: sql, Action: action } = Properties;
  const filter = correlation
    ? described(CORRELATION_FILTER, [
        ...CORRELATION_FIELDS.map(([field]) => correlation[field] ?? null),
        correlation.Properties ?? null,
      ])
    : described(SQL_FILTER, [sql?.SqlExpression ?? "1=1", types.wrap_int(20)]);
  const set = action?.SqlExpression;
  return described(RULE, [
    filter,
    set ? described(SQL_ACTION, [set, types.wrap_int(20)]) : described(NO_ACTION, []),
    Name,
  ]);
}

function described(code: number, fields: readonly unknown[]): Typed {
  return types.described(types.wrap_ulong(code), types.wrap_list(fields));
}
