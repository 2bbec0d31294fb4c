import type { Engine } from "./engine.ts";
import type { Answered, Asked } from "./http.ts";
import { shownInstance } from "./instance-queries.ts";
import { asJson } from "./status.ts";

/**
 * What a start or restart answers that asks to wait (`timeout` and `pollingInterval`, both in seconds): the output of
 * an instance that has completed, the status of one that has ended otherwise, else the answer without waiting.
 */
export async function waited(engine: Engine, asked: Asked, id: string, otherwise: Answered): Promise<Answered> {
  const timeout = seconds(asked, "timeout");
  const pause = seconds(asked, "pollingInterval");
  if (timeout === undefined || pause === undefined) return otherwise;
  if (pause > timeout) {
    const Message = `Total timeout ${timeout} should be bigger than retry timeout ${pause}`;
    return { status: 400, body: { Message } };
  }
  const until = performance.now() + timeout * 1000;
  for (;;) {
    const row = engine.find(id);
    if (row?.status === "Completed") return { status: 200, body: asJson(row.output) };
    if (row && engine.ended(row)) return { status: 200, body: shownInstance(engine, asked, row) };
    const left = until - performance.now();
    if (left <= 0) return otherwise;
    await new Promise((wake) => setTimeout(wake, Math.min(left, pause * 1000)));
  }
}

function seconds(asked: Asked, name: string): number | undefined {
  const text = asked.query(name)?.trim();
  const value = Number(text);
  return text === undefined || text === "" || Number.isNaN(value) ? undefined : value;
}
