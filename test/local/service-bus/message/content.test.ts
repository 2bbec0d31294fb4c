import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import rhea from "rhea";
import { Content, receivedContent } from "../../../../local/service-bus/message/content.ts";
import { delivered } from "../../../../local/service-bus/message/delivered.ts";

const { message, types } = rhea;
const stamp = {
  sequence: 2 ** 40,
  enqueuedSequence: 7,
  enqueuedAt: 1_700_000_000_000,
  deliveryCount: 3,
  state: "active" as const,
};

const encode = (fields: object) => message.encode({ body: message.data_section(Buffer.from("body")), ...fields });

describe("a message on its way through the bus", () => {
  it("keeps the sender's bytes from its properties on, whatever AMQP types they are of", () => {
    const raw = encode({
      message_id: types.wrap_uuid(Buffer.alloc(16, 7)),
      application_properties: { long: types.wrap_long(5), symbol: types.wrap_symbol("s"), at: types.wrap_timestamp(9) },
    });
    const out = delivered(new Content(raw), stamp);
    const bare = new Content(raw).bare;
    expect(out.subarray(-bare.length)).toEqual(bare);
  });

  it("carries the broker's annotations beside the sender's own", () => {
    const raw = encode({
      message_annotations: { "x-opt-partition-key": "p", "x-opt-sequence-number": 1 },
      ttl: 5000,
      durable: true,
    });
    const read = message.decode(
      delivered(new Content(raw), { ...stamp, lockedUntil: 42, deadLetterSource: "from", ttl: 5000 }),
    );
    expect(read.message_annotations).toEqual({
      "x-opt-partition-key": "p",
      "x-opt-sequence-number": 2 ** 40,
      "x-opt-enqueue-sequence-number": 7,
      "x-opt-enqueued-time": new Date(1_700_000_000_000),
      "x-opt-locked-until": new Date(42),
      "x-opt-message-state": 0,
      "x-opt-deadletter-source": "from",
    });
    expect(read).toMatchObject({ ttl: 5000, durable: true, delivery_count: 3 });
  });

  it("gets a message id if its sender gave none, and keeps all else", () => {
    const content = receivedContent(encode({ subject: "s", application_properties: { a: 1 } }));
    expect(content.messageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(content.properties.subject).toBe("s");
    expect(content.applicationProperties()).toEqual({ a: 1 });
    expect(message.decode(content.raw).body.content).toEqual(Buffer.from("body"));
  });

  it("lives as long as two instants say where the header's field is too short", () => {
    const raw = encode({ ttl: 0xffff_ffff, creation_time: 0, absolute_expiry_time: 100 * 86_400_000 });
    expect(new Content(raw).ttl).toBe(100 * 86_400_000);
  });

  it("is read back after a change just as it was written", () => {
    const value = fc.oneof(fc.string(), fc.boolean(), fc.integer());
    const key = fc.string({ minLength: 1 }).filter((name) => name !== "__proto__");
    fc.assert(
      fc.property(fc.dictionary(key, value), fc.dictionary(key, value), (before, changes) => {
        const content = new Content(encode({ message_id: "m", application_properties: before })).changed(changes);
        expect({ ...content.applicationProperties() }).toEqual({ ...before, ...changes });
        expect(content.messageId).toBe("m");
      }),
      { numRuns: 200 },
    );
  });

  it("is refused if its bytes are no message, and never hangs on them", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
        try {
          new Content(Buffer.from(bytes));
        } catch (error) {
          expect(error).toHaveProperty("message");
        }
      }),
      { numRuns: 1000 },
    );
  });
});
