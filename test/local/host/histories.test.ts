import { describe, expect, it } from "@jest/globals";
import { triggerText } from "../../../local/durable/trigger.ts";
import type { TriggerParts } from "../../../local/durable/worker.ts";
import { Histories } from "../../../local/host/histories.ts";
import { ToldHistories } from "../../../local/platform/told-histories.ts";

const event = (n: number, played: boolean): string =>
  JSON.stringify({ EventType: 5, TaskScheduledId: n, Result: `"ü ${n}"`, IsPlayed: played });

/** The trigger of the episode after `done` others, each of which brought two events. */
function trigger(done: number, history = 1): TriggerParts {
  const past = Array.from({ length: done }, (_, n) => `${event(n, true)},${event(n, false)}`).join(",");
  return { history, past, fresh: event(done, false), rest: `{"input":{"n":1},"instanceId":"a"}` };
}

describe("a history of which the instance has the beginning", () => {
  it("gives the very trigger that its whole text would give, episode by episode", () => {
    const told = new ToldHistories();
    const histories = new Histories();
    for (let done = 0; done < 5; done++) {
      const parts = trigger(done);
      expect(histories.trigger("a", told.episode("a", parts))).toEqual(JSON.parse(triggerText(parts)));
    }
  });

  it("is not told again: only what came since goes over the channel", () => {
    const told = new ToldHistories();
    told.episode("a", trigger(3));
    expect(told.episode("a", trigger(4)).more).toBe(`,${event(3, true)},${event(3, false)}`);
  });

  it("is told from the start when it is another: continued as new, rewound, or read from the file again", () => {
    const told = new ToldHistories();
    const histories = new Histories();
    histories.trigger("a", told.episode("a", trigger(4, 1)));
    const parts = trigger(4, 2);
    const episode = told.episode("a", parts);
    expect(episode.from).toBe(0);
    expect(histories.trigger("a", episode)).toEqual(JSON.parse(triggerText(parts)));
  });

  it("may be forgotten when others need the room, and is then told from the start", () => {
    const told = new ToldHistories();
    const histories = new Histories(trigger(3).past.length + 10);
    histories.trigger("a", told.episode("a", trigger(2)));
    histories.trigger("b", told.episode("b", trigger(3)));
    const parts = trigger(3);
    expect(histories.trigger("a", told.episode("a", parts))).toBeUndefined();
    told.forget("a");
    expect(histories.trigger("a", told.episode("a", parts))).toEqual(JSON.parse(triggerText(parts)));
  });

  it("keeps the dates that the library made of its texts from one episode to the next", () => {
    const histories = new Histories();
    const parts = { history: 1, past: `{"Timestamp":"2026-11-22T21:32:42.1698926Z"}`, fresh: "{}", rest: "{}" };
    const told = new ToldHistories();
    const first = histories.trigger("a", told.episode("a", parts)) as { history: { Timestamp: unknown }[] };
    const [kept] = first.history;
    if (kept !== undefined) kept.Timestamp = new Date(0);
    const second = histories.trigger("a", told.episode("a", parts)) as { history: { Timestamp: unknown }[] };
    expect(second.history[0]).toBe(kept);
  });
});
