import { describe, expect, it } from "@jest/globals";
import { triggerText } from "../../../local/durable/trigger.ts";
import type { TriggerParts } from "../../../local/durable/worker.ts";
import { Histories } from "../../../local/host/histories.ts";
import { ToldHistories } from "../../../local/platform/told-histories.ts";

const AT = "2026-11-22T21:32:42.1698926Z";
const event = (n: number, played: boolean): string =>
  JSON.stringify({ EventType: 5, TaskScheduledId: n, Result: `"ü ${n}"`, IsPlayed: played, Timestamp: AT });

/** The trigger of the episode after `done` others, each of which brought two events. */
function trigger(done: number, history = 1): TriggerParts {
  const pieces = Array.from({ length: done }, (_, n) => `${event(n, true)},${event(n, false)}`);
  const past = pieces.join(",");
  return { history, past, pieces, fresh: event(done, false), rest: `{"input":{"n":1},"instanceId":"a"}` };
}

/** What the library makes of a trigger before it reads it: the times of events are dates. */
const whole = (parts: TriggerParts) =>
  JSON.parse(triggerText(parts), (key, value) => (key === "Timestamp" ? new Date(value as string) : value));

/** A trigger with its history, which the search for times is not to find. */
const seen = (given: object | undefined) => given && { history: (given as { history: unknown }).history, ...given };

describe("a history of which the instance has the beginning", () => {
  it("gives the very trigger that its whole text would give, episode by episode", () => {
    const told = new ToldHistories();
    const histories = new Histories();
    for (let done = 0; done < 5; done++) {
      const parts = trigger(done);
      expect(seen(histories.trigger("a", told.episode("a", parts)))).toEqual(whole(parts));
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
    expect(seen(histories.trigger("a", episode))).toEqual(whole(parts));
  });

  it("may be forgotten when others need the room, and is then told from the start", () => {
    const told = new ToldHistories();
    const histories = new Histories(trigger(3).past.length + 10);
    histories.trigger("a", told.episode("a", trigger(2)));
    histories.trigger("b", told.episode("b", trigger(3)));
    const parts = trigger(3);
    expect(histories.trigger("a", told.episode("a", parts))).toBeUndefined();
    told.forget("a");
    expect(seen(histories.trigger("a", told.episode("a", parts)))).toEqual(whole(parts));
  });

  it("is the very same objects again, whose times nobody has to look for", () => {
    const told = new ToldHistories();
    const histories = new Histories();
    const given = (done: number) => histories.trigger("a", told.episode("a", trigger(done))) as { history: object[] };
    const first = given(2);
    const second = given(3);
    expect(second.history.slice(0, 4)).toEqual(first.history.slice(0, 4));
    for (let n = 0; n < 4; n++) expect(second.history[n]).toBe(first.history[n]);
    expect(second.history[0]).toHaveProperty("Timestamp", new Date(AT));
    expect(Object.keys(second)).not.toContain("history");
  });
});
