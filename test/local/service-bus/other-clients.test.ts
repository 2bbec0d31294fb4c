import { once } from "node:events";
import { afterEach, describe, expect, it } from "@jest/globals";
import rhea, { type Connection, type EventContext, type Receiver } from "rhea";
import { type BusFixture, queueOf, startBus, until } from "./bus-fixture.ts";

/** What of rhea a client needs that wants to leave its attach's target out. */
interface SessionInside {
  create_receiver(name: string, options: object): Receiver & { set_source(source: object): void };
}

describe("a client that is not the JavaScript SDK", () => {
  let fixture: BusFixture;
  let connection: Connection;
  afterEach(async () => {
    connection.close();
    await once(connection, "connection_close");
    await fixture.close();
  });

  async function open(...parameters: Parameters<typeof queueOf>) {
    fixture = await startBus(queueOf(...parameters));
    connection = rhea.create_container().connect({ port: fixture.bus.port, host: "localhost", reconnect: false });
    await once(connection, "connection_open");
    const session = (connection as unknown as { create_session(): SessionInside & { begin(): void } }).create_session();
    session.begin();
    return session;
  }
  const options = { rcv_settle_mode: 1, snd_settle_mode: 0, autoaccept: false, credit_window: 0 };

  it("receives over a link that names no target, as .NET's do", async () => {
    const session = await open();
    await fixture.bus.send("work", { body: "for .NET" });
    const receiver = session.create_receiver("no-target", options);
    receiver.set_source({ address: "work" });
    receiver.attach();
    receiver.add_credit(1);
    const [{ message, delivery }] = (await once(receiver, "message")) as [EventContext];
    expect(JSON.parse(String(message?.body.content))).toBe("for .NET");
    expect(delivery?.tag).toHaveLength(16);
    delivery?.update(
      false,
      (rhea.message as unknown as { accepted(): { described(): unknown } }).accepted().described(),
    );
    await until(() => fixture.bus.counts("work").locked === 0);
    await until(() => delivery?.remote_settled === true, "the settled answer");
  });

  it("asks for a session by a described filter, as .NET does", async () => {
    const session = await open({ RequiresSession: true });
    const receiver = session.create_receiver("described", options);
    const filter = { "com.microsoft:session-filter": rhea.types.wrap_described("mine", 0x137000000c) };
    receiver.set_source({ address: "work", filter });
    receiver.attach();
    await once(receiver, "receiver_open");
    expect(receiver.source.filter).toEqual({ "com.microsoft:session-filter": "mine" });
    expect(receiver.properties["com.microsoft:locked-until-utc"]).toHaveLength(8);
  });

  it("is told what it may not do", async () => {
    await open();
    const sender = connection.open_sender("work/$DeadLetterQueue");
    const [context] = (await once(sender, "sender_error")) as [EventContext];
    expect(context.sender?.error).toMatchObject({ condition: "amqp:not-allowed" });
  });

  it("has what it sent refused if it is no message", async () => {
    await open();
    const sender = connection.open_sender("work");
    await once(sender, "sendable");
    sender.send(Buffer.from([1, 2, 3]), "tag", 0);
    const [context] = (await once(sender, "rejected")) as [EventContext];
    expect(context.delivery?.remote_state).toMatchObject({ error: { condition: "amqp:decode-error" } });
    expect(fixture.bus.counts("work").active).toBe(0);
  });
});
