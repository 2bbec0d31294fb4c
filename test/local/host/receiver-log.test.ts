import { ServiceBusError } from "@azure/service-bus";
import { describe, expect, it } from "@jest/globals";
import type { LogEntry, RegisteredFunction } from "../../../local/host/function-app.ts";
import { logOf, receiverTrouble } from "../../../local/host/receiver-log.ts";

const fn = { metadata: { name: "orders", bindings: {} } } as unknown as RegisteredFunction;

describe("what the host says of a receiver in trouble", () => {
  it("is said once, also where two complaints take turns", () => {
    const entries: LogEntry[] = [];
    const log = logOf(fn, (entry) => entries.push(entry));
    for (let turn = 0; turn < 3; turn++) for (const line of ["down", "not found"]) log(line);
    expect(entries.map(({ message }) => message)).toEqual(["down", "not found"]);
  });

  it("names the entity, and what to look at where it does not exist", () => {
    const missing = new ServiceBusError("The messaging entity 'x' could not be found.", "MessagingEntityNotFound");
    expect(receiverTrouble(missing, ["x"])).toMatch(/^no messages from queue x: .* among the bus's entities\?$/);
    expect(receiverTrouble(new TypeError(""), ["t", "s"])).toBe(
      "no messages from subscription s of topic t: TypeError",
    );
    const refused = new AggregateError([new Error("connect ECONNREFUSED 127.0.0.1:5672")]);
    expect(receiverTrouble(refused, ["x"])).toBe("no messages from queue x: connect ECONNREFUSED 127.0.0.1:5672");
  });
});
