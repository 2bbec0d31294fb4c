import { codeOf, type FaultCode } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Measure } from "../ports/measure.ts";
import type { Part, Probes } from "../ports/probe.ts";

/** Whoever asks whether an app is ready wants to know it soon. */
const TIME_OUT_MS = 5_000;
/** Everybody may ask, as often as they like: the parts are asked this often at most. */
const KEPT_MS = 10_000;

export interface PartReady {
  readonly ready: boolean;
  /** Null where it is. In words of ours: what a part says of itself may hold names that are nobody's business. */
  readonly reason: string | null;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

export interface Ready {
  readonly ready: boolean;
  /** ISO 8601: when the parts were asked. */
  readonly at: string;
  readonly parts: Readonly<Record<Part, PartReady>>;
}

/** Whether all that Parcours works with answers: asked in parallel, within bounds, and kept for some seconds. */
export class Readiness {
  readonly #probes: Probes;
  readonly #clock: Clock;
  readonly #measure: Measure;
  #last: { readonly at: number; readonly answer: Promise<Ready> } | undefined;

  constructor(probes: Probes, clock: Clock, measure: Measure) {
    this.#probes = probes;
    this.#clock = clock;
    this.#measure = measure;
  }

  read(): Promise<Ready> {
    const now = this.#clock.now();
    if (this.#last === undefined || now - this.#last.at >= KEPT_MS) this.#last = { at: now, answer: this.#ask(now) };
    return this.#last.answer;
  }

  async #ask(now: number): Promise<Ready> {
    const [bus, store, dataverse, mail] = await Promise.all([
      this.#askOne("bus"),
      this.#askOne("store"),
      this.#askOne("dataverse"),
      this.#askOne("mail"),
    ]);
    const parts = { bus, store, dataverse, mail };
    const ready = Object.values(parts).every((part) => part.ready);
    return { ready, at: new Date(now).toISOString(), parts };
  }

  async #askOne(part: Part): Promise<PartReady> {
    const began = this.#clock.now();
    const late = Symbol("late");
    let reason: string | null = null;
    try {
      const answer = await Promise.race([this.#probes[part](), this.#clock.sleep(TIME_OUT_MS).then(() => late)]);
      if (answer === late) reason = `no answer within ${TIME_OUT_MS / 1000} s`;
    } catch (fault) {
      reason = REASONS[codeOf(fault)] ?? "it can't be asked: the log says why";
    }
    this.#measure.level("parcours.ready", reason === null ? 1 : 0, { part });
    return { ready: reason === null, reason, ms: this.#clock.now() - began };
  }
}

const REASONS: Partial<Record<FaultCode | "fault", string>> = {
  BUS_UNAVAILABLE: "Service Bus does not answer, or refuses the identity",
  STORE_UNAVAILABLE: "the store does not answer, or refuses the identity",
  DATAVERSE_UNAVAILABLE: "Dataverse does not answer, or has no capacity for us",
  DATAVERSE_FORBIDDEN: "Dataverse answers and refuses: a privilege is missing",
  DATAVERSE_REFUSED: "Dataverse answers and refuses: is the application user there, and enabled?",
  MAILER_UNAVAILABLE: "the mail provider does not answer, or refuses the identity",
};
