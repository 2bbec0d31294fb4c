import { afterEach, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../../local/clock/virtual-clock.ts";
import { parseEntities } from "../../../../local/service-bus/config.ts";
import { type PlainMessage, plainContent } from "../../../../local/service-bus/message/content.ts";
import { Broker, type Source } from "../../../../local/service-bus/model/broker.ts";
import type { Consumer } from "../../../../local/service-bus/model/dispatcher.ts";
import { MemoryJournal } from "../../../../local/service-bus/model/journal.ts";
import type { StoredMessage } from "../../../../local/service-bus/model/message.ts";
import { entitiesOf, queueOf, until } from "../bus-fixture.ts";

type Properties = Parameters<typeof queueOf>[0];

describe("the model of a queue, without AMQP", () => {
  const clock = new VirtualClock();
  let broker: Broker | undefined;
  afterEach(() => {
    broker?.close();
    clock.close();
  });

  function open(properties: Properties = {}): Source {
    broker = new Broker(parseEntities(entitiesOf(queueOf(properties))), clock, clock, new MemoryJournal());
    const entity = broker.find("work");
    if (entity === undefined || entity.kind === "topic") throw new Error("the queue is missing");
    return entity;
  }
  const send = (source: Source, ...bodies: Partial<PlainMessage>[]) => {
    for (const body of bodies) source.intake?.accept(plainContent({ body: null, ...body }));
  };
  const ids = (messages: readonly StoredMessage[]) => messages.map(({ content }) => content.messageId);
  /** A receiver that keeps what it gets. */
  function consumer(credit: number, mode: Consumer["mode"] = "peek-lock") {
    const got: StoredMessage[] = [];
    const state = { credit };
    return {
      got,
      state,
      consumer: {
        mode,
        credit: () => state.credit - got.length,
        deliver: (message: StoredMessage) => void got.push(message),
      } satisfies Consumer,
    };
  }

  it("hands nobody more than was asked for", async () => {
    const source = open();
    const { consumer: receiver, got } = consumer(2);
    source.dispatcher.attach(receiver);
    send(source, { messageId: "1" }, { messageId: "2" }, { messageId: "3" });
    await until(() => got.length > 0);
    expect(ids(got)).toEqual(["1", "2"]);
    expect(source.queue.ready).toBe(1);
  });

  it("hands nobody more than was asked for in the mode that deletes either", async () => {
    const source = open();
    const { consumer: receiver, got } = consumer(2, "receive-and-delete");
    source.dispatcher.attach(receiver);
    send(source, { messageId: "1" }, { messageId: "2" }, { messageId: "3" }, { messageId: "4" });
    source.dispatcher.pump();
    await until(() => got.length > 0);
    source.dispatcher.pump();
    await new Promise((turn) => setTimeout(turn, 20));
    expect(ids(got)).toEqual(["1", "2"]);
    expect(source.queue.ready).toBe(2);
  });

  it("delivers what it deleted before it reports that all is drained", async () => {
    const source = open();
    const { consumer: receiver, got } = consumer(5, "receive-and-delete");
    source.dispatcher.attach(receiver);
    send(source, { messageId: "1" });
    const seen = await new Promise<number>((drained) => source.dispatcher.pump(() => drained(got.length)));
    expect(seen).toBe(1);
  });

  it("shares messages out in turns among receivers that want them", async () => {
    const source = open();
    const [one, two] = [consumer(10), consumer(10)];
    source.dispatcher.attach(one.consumer);
    source.dispatcher.attach(two.consumer);
    send(source, ...["1", "2", "3", "4"].map((messageId) => ({ messageId })));
    await until(() => one.got.length + two.got.length === 4);
    expect([one.got.length, two.got.length]).toEqual([2, 2]);
    for (const messageId of ["5", "6"]) {
      send(source, { messageId });
      await until(() => one.got.length + two.got.length === Number(messageId));
    }
    expect([one.got.length, two.got.length]).toEqual([3, 3]);
  });

  it("puts what was given up back in front", () => {
    const source = open();
    send(source, { messageId: "1" }, { messageId: "2" });
    const first = source.queue.take();
    if (first) source.queue.abandon(first);
    expect(source.queue.take()).toBe(first);
  });

  it("never hands out an expired message, also if it expired while it was locked", async () => {
    const source = open({ DeadLetteringOnMessageExpiration: true });
    send(source, { timeToLiveMs: 300 });
    const message = source.queue.take();
    expect(message).toBeDefined();
    await until(() => clock.now() > (message?.expiresAt ?? 0));
    if (message) source.queue.release(message);
    expect(source.queue.take()).toBeUndefined();
    expect(source.deadLetters?.ready).toBe(1);
  });

  it("forgets the lock of a message that is settled", () => {
    const source = open();
    send(source, {});
    const message = source.queue.take();
    const token = message?.lock?.token ?? Buffer.alloc(0);
    expect(source.queue.locks.find(token)).toBe(message);
    if (message) source.queue.complete(message);
    expect(source.queue.locks.find(token)).toBeUndefined();
    expect(source.queue.locks.size).toBe(0);
  });

  it("gives sessions to one receiver each, the one with the oldest message first", () => {
    const source = open({ RequiresSession: true });
    send(
      source,
      { sessionId: "b", messageId: "1" },
      { sessionId: "a", messageId: "2" },
      { sessionId: "b", messageId: "3" },
    );
    const { sessions } = source.queue;
    const first = sessions?.nextFree();
    const hold = first && sessions?.accept(first, () => undefined);
    expect(first?.id).toBe("b");
    expect(sessions?.nextFree()?.id).toBe("a");
    expect(first && sessions?.accept(first, () => undefined)).toBeUndefined();
    expect(ids([source.queue.take(hold), source.queue.take(hold)].filter((message) => message !== undefined))).toEqual([
      "1",
      "3",
    ]);
    expect(source.queue.take(hold)).toBeUndefined();
  });

  it("holds busy while a message is locked, and not while one waits that nobody asks for", () => {
    const source = open();
    send(source, {});
    const message = source.queue.take();
    expect(Object.keys(clock.underWay())).toContainEqual(expect.stringContaining("work is locked"));
    if (message) source.queue.complete(message);
    expect(Object.keys(clock.underWay())).not.toContainEqual(expect.stringContaining("work is locked"));
  });
});
