/** An orchestration trigger of which the instance has the beginning of the history already. */
export interface Episode {
  /** The history's number: of another number is another history, whatever the instance's id. */
  readonly history: number;
  /** How many characters of its text the instance has. */
  readonly from: number;
  /** The rest of the text up to the last episode: members of a JSON array, after `from` with a leading comma. */
  readonly more: string;
  /** The new events, in the same form. */
  readonly fresh: string;
  /** The trigger's other members, as a JSON object. */
  readonly rest: string;
}

interface Held {
  readonly history: number;
  length: number;
  readonly events: unknown[];
}

/** Characters of text whose events are kept: some thousand instances with a dozen steps each. */
const MOST_CHARACTERS = 8_000_000;

/**
 * Histories of the orchestrations that this process ran last, parsed. The library is given the same objects again:
 * it only reads them, and its orchestrators never see them. So an episode costs what is new, and not all that was.
 * The one thing that it would change, each event's time into a Date, is done here, once: the history stands in the
 * trigger as a property that is not enumerable, so that the library's search for times does not go through it again.
 */
export class Histories {
  readonly #held = new Map<string, Held>();
  readonly #most: number;
  #characters = 0;

  constructor(most = MOST_CHARACTERS) {
    this.#most = most;
  }

  /** The trigger, as parsing its whole text would give it; undefined if its beginning is not here any more. */
  trigger(instanceId: string, { history, from, more, fresh, rest }: Episode): object | undefined {
    const held = from === 0 ? { history, length: 0, events: [] } : this.#held.get(instanceId);
    if (held?.history !== history || held.length !== from) return undefined;
    this.#drop(instanceId);
    held.events.push(...members(more));
    held.length += more.length;
    this.#keep(instanceId, held);
    const value = [...held.events, ...members(fresh)];
    return Object.defineProperty(JSON.parse(rest) as object, "history", { value, writable: true, configurable: true });
  }

  /** The one that ran last stands last; those that ran longest ago go first. */
  #keep(instanceId: string, held: Held): void {
    this.#held.set(instanceId, held);
    this.#characters += held.length;
    for (const oldest of this.#held.keys()) {
      if (this.#characters <= this.#most) return;
      this.#drop(oldest);
    }
  }

  #drop(instanceId: string): void {
    this.#characters -= this.#held.get(instanceId)?.length ?? 0;
    this.#held.delete(instanceId);
  }
}

function members(text: string): unknown[] {
  const events = JSON.parse(`[${text.startsWith(",") ? text.slice(1) : text}]`) as { Timestamp: string | Date }[];
  for (const event of events) event.Timestamp = new Date(event.Timestamp);
  return events;
}
