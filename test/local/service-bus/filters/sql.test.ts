import { describe, expect, it } from "@jest/globals";
import { compileRule, copiesFor } from "../../../../local/service-bus/filters/rule.ts";
import { plainContent } from "../../../../local/service-bus/message/content.ts";

const message = plainContent({
  body: 1,
  messageId: "m-1",
  subject: "Case closed",
  correlationId: "c-1",
  contentType: "application/json",
  applicationProperties: {
    kind: "event",
    priority: 7,
    share: 0.5,
    urgent: true,
    "two words": "yes",
    quote: "it's",
    pct: "50%",
  },
});

const takes = (SqlExpression: string) =>
  copiesFor([compileRule({ Name: "rule", Properties: { SqlFilter: { SqlExpression } } })], message).length === 1;

describe("a SQL filter", () => {
  it.each([
    "1=1",
    "kind = 'event'",
    "KIND = 'event' AND user.Priority = 7 AND EXISTS(Kind) AND property('KIND') = 'event'",
    "priority / 2 = 3 AND priority / 2.0 = 3.5 AND share * 2 = 1 AND priority = 7.0",
    "sys.Label = 'Case closed'",
    "sys.messageid = 'm-1' AND sys.CorrelationId = 'c-1'",
    "user.kind = 'event'",
    "priority > 5 AND priority <= 7 AND priority <> 6 AND priority != 8",
    "priority + 1 = 8 AND priority * 2 - 4 = 10 AND priority % 4 = 3 AND -priority < 0",
    "2 + 3 * 4 = 14 AND (2 + 3) * 4 = 20",
    "kind IN ('change', 'event')",
    "kind NOT IN ('change', 'other')",
    "sys.Label LIKE 'Case%' AND kind LIKE '_vent'",
    "kind NOT LIKE 'x%'",
    "pct LIKE '50!%' ESCAPE '!'",
    "nothing IS NULL AND kind IS NOT NULL",
    "EXISTS(kind) AND NOT EXISTS(nothing)",
    "urgent AND urgent = TRUE",
    "[two words] = 'yes' AND \"two words\" = 'yes'",
    "quote = 'it''s'",
    "kind = 'x' OR priority = 7",
    "NOT kind = 'x'",
    "NOT (nothing = 1) OR 1 = 1",
    "property('kind') = 'event' AND p('kind') = 'event'",
    "kind + 's' = 'events'",
    "share < 1 AND share = .5 AND priority < 1e3 AND priority = 0x7",
  ])("takes the message by %s", (expression) => {
    expect(takes(expression)).toBe(true);
  });

  it.each([
    "1=0",
    "kind = 'change'",
    "nothing = 1",
    "nothing <> 1",
    "NOT (nothing = 1)",
    "nothing IN (1, 2)",
    "nothing NOT IN (1, 2)",
    "kind = 7",
    "kind LIKE 'even'",
    "priority + nothing = 7",
    "nothing",
    "priority / 0 = 1",
    "priority % 0 = 1",
    "kind NOT IN ('change', nothing)",
  ])("does not take the message by %s", (expression) => {
    expect(takes(expression)).toBe(false);
  });

  it.each([
    "kind =",
    "kind = 'open",
    "(kind = 'a'",
    "kind IS",
    "sys.Nothing = 1",
    "kind NOT 5",
    "nope(1) = 1",
    "a = 1 b",
    "!",
  ])("cannot be made of %s", (expression) => {
    expect(() => takes(expression)).toThrow(expect.objectContaining({ name: "SqlError" }));
  });
});

describe("the rules of a subscription", () => {
  const rule = (filter: string, action?: string) =>
    compileRule({
      Name: filter,
      Properties: { SqlFilter: { SqlExpression: filter }, ...(action && { Action: { SqlExpression: action } }) },
    });

  it("give one copy for all rules without action, and one for each with", () => {
    const copies = copiesFor(
      [rule("1=1"), rule("priority = 7"), rule("1=1", "SET n = 1"), rule("1=1", "SET n = 2")],
      message,
    );
    expect(copies.map((copy) => copy.applicationProperties().n)).toEqual([undefined, 1, 2]);
  });

  it("name themselves on the copies that their actions made, and on no other", () => {
    const copies = copiesFor([rule("1=1"), rule("priority = 7", "SET n = 1")], message);
    expect(copies.map((copy) => copy.applicationProperties().RuleName)).toEqual([undefined, "priority = 7"]);
  });

  it("change properties whatever the case of their names, with or without semicolons between", () => {
    const [copy] = copiesFor([rule("1=1", "SET Priority = priority / 2 REMOVE KIND SET sys.ReplyTo = 5")], message);
    expect(copy?.applicationProperties()).toMatchObject({ priority: 3 });
    expect(Object.keys(copy?.applicationProperties() ?? {})).not.toEqual(expect.arrayContaining(["kind", "Priority"]));
    expect(copy?.applicationProperties()).not.toHaveProperty("kind");
    expect(copy?.properties.replyTo).toBe("5");
  });

  it("correlate numbers and instants as well as texts", () => {
    const dated = plainContent({ body: 1, applicationProperties: { at: new Date(1000), n: 2 ** 40, f: 1.5 } });
    const correlating = (Properties: Record<string, unknown>) =>
      compileRule({ Name: "r", Properties: { CorrelationFilter: { Properties } as never } });
    expect(copiesFor([correlating({ at: new Date(1000), n: 2 ** 40, f: 1.5 })], dated)).toHaveLength(1);
    expect(copiesFor([correlating({ at: new Date(1001) })], dated)).toHaveLength(0);
  });

  it("leave all that an action does not name as it was", () => {
    const [copy] = copiesFor([rule("1=1", "SET sys.To = 'there'; REMOVE kind; SET priority = 'high'")], message);
    const { kind, ...others } = message.applicationProperties();
    expect(kind).toBe("event");
    expect(copy?.applicationProperties()).toEqual({ ...others, priority: "high", RuleName: "1=1" });
    expect(copy?.properties).toEqual({ ...message.properties, to: "there" });
  });
});
