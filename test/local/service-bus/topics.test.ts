import { afterEach, describe, expect, it } from "@jest/globals";
import type { EntitiesInput } from "../../../local/service-bus/config.ts";
import { type BusFixture, startBus } from "./bus-fixture.ts";

type Rules = NonNullable<
  NonNullable<
    NonNullable<EntitiesInput["UserConfig"]["Namespaces"][number]["Topics"]>[number]["Subscriptions"]
  >[number]["Rules"]
>;

const sql = (SqlExpression: string, action?: string): Rules[number] => ({
  Name: "rule",
  Properties: { SqlFilter: { SqlExpression }, ...(action !== undefined && { Action: { SqlExpression: action } }) },
});
const kind = (value: string): Rules[number] => ({
  Name: "rule",
  Properties: { FilterType: "Correlation", CorrelationFilter: { Properties: { kind: value } } },
});

describe("a topic, through the unmodified SDK", () => {
  let fixture: BusFixture;
  afterEach(() => fixture.close());

  async function start(subscriptions: Record<string, Rules>) {
    const Subscriptions = Object.entries(subscriptions).map(([Name, Rules]) => ({ Name, Rules }));
    fixture = await startBus({ Topics: [{ Name: "events", Subscriptions }] });
    const client = fixture.connect();
    return { client, sender: client.createSender("events") };
  }

  it("gives each subscription its own copy of what its rules take", async () => {
    const { sender, client } = await start({
      all: [],
      events: [kind("event")],
      reports: [kind("change")],
      urgent: [sql("priority >= 5 AND sys.Label LIKE 'case%'")],
    });
    await sender.sendMessages([
      { body: 1, subject: "case closed", applicationProperties: { kind: "event", priority: 7 } },
      { body: 2, subject: "lead", applicationProperties: { kind: "change", priority: 9 } },
    ]);
    const bodies = async (name: string) => {
      const messages = await client.createReceiver("events", name).receiveMessages(5, { maxWaitTimeInMs: 300 });
      return messages.map(({ body }) => body);
    };
    expect(await bodies("all")).toEqual([1, 2]);
    expect(await bodies("events")).toEqual([1]);
    expect(await bodies("reports")).toEqual([2]);
    expect(await bodies("urgent")).toEqual([1]);
  });

  it("changes the copy as the rule's action says", async () => {
    const { sender, client } = await start({
      changed: [sql("1=1", "SET priority = priority + 1; SET sys.Label = 'from ' + origin; REMOVE origin")],
    });
    await sender.sendMessages({ body: "x", messageId: "m", applicationProperties: { priority: 1, origin: "crm" } });
    const [message] = await client.createReceiver("events", "changed").receiveMessages(1);
    expect(message).toMatchObject({ body: "x", messageId: "m", subject: "from crm" });
    expect(message?.applicationProperties).toEqual({ priority: 2, RuleName: "rule" });
  });

  it("lets a client list, add and remove rules", async () => {
    const { sender, client } = await start({ mine: [] });
    const rules = client.createRuleManager("events", "mine");
    await rules.createRule("only-cases", { subject: "case", applicationProperties: { kind: "event" } });
    await rules.createRule("sql", { sqlExpression: "n > 1" }, { sqlExpression: "SET n = 0" });
    await rules.deleteRule("$Default");
    const listed = [];
    for await (const rule of rules.listRules()) listed.push(rule);
    expect(listed).toMatchObject([
      { name: "only-cases", filter: { subject: "case", applicationProperties: { kind: "event" } } },
      { name: "sql", filter: { sqlExpression: "n > 1" }, action: { sqlExpression: "SET n = 0" } },
    ]);
    await sender.sendMessages([{ body: 1 }, { body: 2, subject: "case", applicationProperties: { kind: "event" } }]);
    expect(fixture.bus.counts("events/Subscriptions/mine").active).toBe(1);
  });
});
