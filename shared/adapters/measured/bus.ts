import type { Bus } from "../../ports/bus.ts";
import type { Measure } from "../../ports/measure.ts";

/** The bus, with a span around each publish; each message carries the trace that it belongs to. */
export function measuredBus<Some extends Bus>(bus: Some, measure: Measure): Some {
  return {
    ...bus,
    publish: (messages) =>
      measure.span("messages published", { kind: "producer" }, async () => {
        const trace = measure.trace();
        await bus.publish(
          messages.map((message) =>
            message.trace !== undefined || trace === undefined ? message : { ...message, trace },
          ),
        );
      }),
  };
}
