import type { Client } from "../../sandbox/client.ts";

/** Something that goes wrong for a while. */
export interface Trouble {
  readonly name: string;
  /** Lets it begin; the answer ends it. */
  begin(http: Client): Promise<() => Promise<void>>;
  /** What goes wrong by itself in the meantime. */
  during(http: Client, chance: () => number): Promise<void>;
}

const nothing = async (): Promise<void> => {};

/** A fault of a part, set by the control address, that lasts as long as the trouble. */
function fault(name: string, set: object, clear: object): Trouble {
  return {
    name,
    begin: async (http) => {
      await http.control("/faults", { ...set });
      return async () => void (await http.control("/faults", { ...clear }));
    },
    during: nothing,
  };
}

/** As `fault`, but over before what it hit has used up its tries. */
function shortFault(name: string, set: object, clear: object, ms: number): Trouble {
  return {
    ...fault(name, set, clear),
    during: async (http, chance) => {
      await pause(ms * (0.3 + chance()));
      await http.control("/faults", { ...clear });
    },
  };
}

/** The provider at its worst: refuses, fails, loses requests, loses answers, and drops no repeats. */
const MAIL_FAULTS = {
  deduplicate: false,
  rules: [
    { fault: "throttled", probability: 0.1 },
    { fault: "server-error", probability: 0.1 },
    { fault: "request-lost", probability: 0.1 },
    { fault: "answer-lost", probability: 0.1 },
    { fault: "throttled", at: "operation", probability: 0.2 },
  ],
};

const TROUBLES: readonly Trouble[] = [
  { name: "none", begin: async () => nothing, during: nothing },
  {
    name: "app killed",
    begin: async () => nothing,
    during: async (http, chance) => {
      for (let kill = 0; kill < 2; kill++) {
        await pause(chance() * 400);
        await breakable(() => http.control("/app/kill"));
      }
    },
  },
  shortFault("bus down", { serviceBus: "down" }, { serviceBus: null }, 700),
  fault("store slow", { store: { delayMs: 15 } }, { store: null }),
  shortFault("store down", { store: { down: true } }, { store: null }, 400),
  fault("mail fails", { communication: MAIL_FAULTS }, { communication: null }),
  shortFault("Dataverse down", { dataverse: { down: true } }, { dataverse: null }, 400),
  fault("webhook lost", { dataverse: { webhook: "lost" } }, { dataverse: null }),
  fault("webhook twice", { dataverse: { webhook: "twice" } }, { dataverse: null }),
  {
    name: "clock moved",
    begin: async () => nothing,
    during: async (http, chance) => {
      await pause(chance() * 100);
      await http.advance("PT6H");
    },
  },
];

/** One trouble after the other, in an order by chance; each comes once before any comes again. */
export function* troublesBy(chance: () => number): Generator<Trouble, never> {
  for (;;) {
    const deck = TROUBLES.map((trouble) => ({ trouble, at: chance() })).sort((a, b) => a.at - b.at);
    for (const { trouble } of deck) yield trouble;
  }
}

/** How many troubles there are. */
export const KINDS_OF_TROUBLE = TROUBLES.length;

const TRIES = 40;
const BETWEEN_MS = 100;

/** Asks again while the answer is lost or a server's fault, as a browser's user or an agent would. */
export async function breakable<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      const answer = await ask();
      if (!(answer instanceof Response && answer.status >= 500) || tries >= TRIES) return answer;
    } catch (error) {
      if (tries >= TRIES) throw error;
    }
    await pause(BETWEEN_MS);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((over) => setTimeout(over, ms));
}
