import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";

interface Ready {
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, { readonly ready: boolean; readonly reason: string | null }>>;
}

describe("/api/ready", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());
  afterEach(() =>
    stack.http.control("/faults", { serviceBus: null, store: null, dataverse: null, communication: null }),
  );

  /** Ten seconds later, for so long an answer is kept. */
  const ask = async (): Promise<{ status: number; body: Ready; text: string }> => {
    await stack.http.advance("PT10S");
    const response = await fetch(`${stack.http.at.app}/api/ready`);
    const text = await response.text();
    return { status: response.status, body: JSON.parse(text), text };
  };
  const notReady = ({ parts }: Ready): string[] => Object.keys(parts).filter((part) => parts[part]?.ready === false);

  it("is 200 where bus, store, Dataverse and mail answer", async () => {
    const { status, body } = await ask();
    expect(Object.keys(body.parts)).toEqual(["bus", "store", "dataverse", "mail"]);
    expect({ status, ready: body.ready, notReady: notReady(body) }).toEqual({ status: 200, ready: true, notReady: [] });
  });

  it.each([
    ["bus", { serviceBus: "down" }],
    ["store", { store: { down: true } }],
    ["dataverse", { dataverse: { down: true } }],
    ["mail", { communication: { rules: [{ fault: "server-error", at: "operation" }] } }],
  ])("is 503 and names the part where %s is away, and the reason tells no secret", async (part, fault) => {
    await stack.http.control("/faults", fault);
    const { status, body, text } = await ask();
    expect({ status, notReady: notReady(body) }).toEqual({ status: 503, notReady: [part] });
    expect(body.parts[part]?.reason).toEqual(expect.any(String));
    expect(text).not.toMatch(/https?:|sb:|key|127\.0\.0\.1/i);
    await stack.http.control("/faults", Object.fromEntries(Object.keys(fault).map((name) => [name, null])));
    expect((await ask()).status).toBe(200);
  });
});
