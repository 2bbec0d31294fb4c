import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { contactPointOf } from "../../../shared/use-cases/contact-point.ts";
import { unsubscribe, unsubscribeLink } from "../../../shared/use-cases/unsubscribe.ts";
import { inProcess, type World } from "../../support/in-process.ts";

const OPERATION = "5c0e1f1a-0000-4000-8000-0000000000c1";

describe("addresses that are suppressed", () => {
  let world: World;
  beforeEach(() => {
    world = inProcess();
  });
  afterEach(() => world.close());

  it("are kept under a keyed hash, and are one however they are written", async () => {
    const point = await contactPointOf("Anna@Example.com ", world.calm);
    expect(point).toMatch(/^[0-9a-f]{64}$/);
    expect(await contactPointOf("anna@example.com", world.calm)).toBe(point);
  });

  it("under another key nobody is mailed: who unsubscribed would not be found", async () => {
    await contactPointOf("anna@example.com", world.calm);
    const settings = { ...world.calm.settings, addressKey: "another key altogether" };
    await expect(contactPointOf("anna@example.com", { ...world.calm, settings })).rejects.toMatchObject({
      code: "ADDRESS_KEY_CHANGED",
      retryable: true,
    });
    expect(await contactPointOf("anna@example.com", world.calm)).toBeDefined();
  });

  it("stay so by a link of a mail that nothing is known of any more, signed by a key that was changed since", async () => {
    const point = await contactPointOf("anna@example.com", world.calm);
    const [, , token = ""] = /^(.*\/unsubscribe\/)(.*)$/.exec(unsubscribeLink(OPERATION, point, world.calm)) ?? [];
    const [former] = world.calm.settings.signingKeys;
    const signingKeys = [{ id: "k3", secret: "the newest of them" }, ...(former === undefined ? [] : [former])];
    const deps = { ...world.calm, settings: { ...world.calm.settings, signingKeys } };
    expect(await unsubscribe(token, deps)).toBe("unsubscribed");
    expect(await world.calm.contactPoints.suppression(point)).toMatchObject({
      reason: "unsubscribed",
      operation: OPERATION,
    });
    expect(world.bus.messages).toEqual([]);
  });
});
