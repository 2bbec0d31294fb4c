import { afterEach, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../../local/clock/virtual-clock.ts";
import { parseEntities } from "../../../../local/service-bus/config.ts";
import { compileRule } from "../../../../local/service-bus/filters/rule.ts";
import { plainContent } from "../../../../local/service-bus/message/content.ts";
import { Broker, type Source } from "../../../../local/service-bus/model/broker.ts";
import type { Journal, Op } from "../../../../local/service-bus/model/journal.ts";
import { restore, snapshot } from "../../../../local/service-bus/model/restore.ts";
import { entitiesOf } from "../bus-fixture.ts";

const config = parseEntities(
  entitiesOf({
    Queues: [
      { Name: "work", Properties: { RequiresDuplicateDetection: true } },
      { Name: "talks", Properties: { RequiresSession: true } },
    ],
    Topics: [{ Name: "events", Subscriptions: [{ Name: "all" }, { Name: "some" }] }],
  }),
);

/** Keeps its ops where a test can read them. */
class RecordedJournal implements Journal {
  readonly ops: Op[] = [];
  append(op: Op): void {
    this.ops.push(op);
  }
  whenDurable(run: () => void): void {
    run();
  }
  close(): void {}
}

describe("a broker's journal", () => {
  const clock = new VirtualClock();
  const brokers: Broker[] = [];
  afterEach(() => {
    for (const broker of brokers) broker.close();
    clock.close();
  });
  function open(ops: readonly Op[] = []) {
    const journal = new RecordedJournal();
    const broker = new Broker(config, clock, clock, journal);
    brokers.push(broker);
    restore(broker, ops);
    return { broker, journal };
  }
  const source = (broker: Broker, address: string) => broker.find(address) as Source;

  /** Does a bit of everything that is kept. */
  function live(broker: Broker, journal: Journal): void {
    const work = source(broker, "work");
    for (const messageId of ["a", "b", "c", "d", "e"])
      work.intake?.accept(plainContent({ body: messageId, messageId }));
    const [a, b, c, d] = [work.queue.take(), work.queue.take(), work.queue.take(), work.queue.take()];
    if (a) work.queue.complete(a);
    if (b) work.queue.abandon(b, { tried: true });
    if (c) work.queue.defer(c);
    if (d) work.queue.deadLetter(d, { reason: "bad" });
    work.intake?.acceptScheduled(
      plainContent({ body: "later", messageId: "later", scheduledFor: clock.now() + 60_000 }),
    );

    const { sessions } = source(broker, "talks").queue;
    source(broker, "talks").intake?.accept(plainContent({ body: 1, messageId: "s", sessionId: "one" }));
    const hold = sessions?.accept(sessions.of("one"), () => undefined);
    if (hold) hold.session.state = Buffer.from("state");
    journal.append({ op: "session", queue: "talks", session: "one", raw: Buffer.from("state") });

    const filter = { Name: "few", Properties: { SqlFilter: { SqlExpression: "kind = 'x'" } } };
    broker.setRules(source(broker, "events/Subscriptions/some"), [compileRule(filter)]);
    const event = { body: "event", messageId: "event" };
    broker.find("events")?.intake?.accept(plainContent(event));
    broker.find("events")?.intake?.accept(plainContent({ ...event, applicationProperties: { kind: "x" } }));
  }

  it("leads to the same state, by its ops as by a snapshot", () => {
    const { broker, journal } = open();
    live(broker, journal);
    const kept = [...snapshot(broker)];
    expect(kept.length).toBeGreaterThan(12);
    expect([...snapshot(open(journal.ops).broker)]).toEqual(kept);
    expect([...snapshot(open(kept).broker)]).toEqual(kept);
  });

  it("may name entities that are gone", () => {
    const { broker, journal } = open();
    live(broker, journal);
    const other = journal.ops.map((op) => JSON.parse(JSON.stringify(op).replaceAll("work", "gone")) as Op);
    const raw = plainContent({ body: 1 }).raw;
    expect(() => open(other.map((op) => ("raw" in op ? { ...op, raw } : op)))).not.toThrow();
  });
});
