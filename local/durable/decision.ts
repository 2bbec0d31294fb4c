import type { EventRaised, FailureDetails } from "./history.ts";
import type { Stamp } from "./stamp.ts";

/**
 * What an episode decided, by its sequence number: what the host writes into the history and sends out. Inputs are
 * values here: only those that go out become text, not those that are replayed.
 */
export type Decision =
  | { readonly kind: "activity"; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: "timer"; readonly id: number; readonly fireAt: Stamp }
  | {
      readonly kind: "sub";
      readonly id: number;
      readonly name: string;
      readonly instanceId: string;
      readonly input: unknown;
      readonly version: string | null;
    }
  | {
      readonly kind: "send";
      readonly id: number;
      readonly instanceId: string;
      readonly name: string;
      readonly input: string;
    }
  | Completion;

export type Completion =
  | {
      readonly kind: "complete";
      readonly id: number;
      readonly status: "Completed" | "Failed" | "Terminated";
      /** JSON text of the output; plain text of the reason where it failed or was terminated. */
      readonly result: string | null;
      readonly details: string | null;
      readonly failure?: FailureDetails;
    }
  | {
      readonly kind: "continueAsNew";
      readonly id: number;
      readonly input: string | null;
      /** Events that came after continueAsNew was decided: the next execution begins with them. */
      readonly carried: EventRaised[];
    };

/** The code no longer does what its history says. The instance fails with this text. */
export class NonDeterministic extends Error {
  constructor(what: string) {
    super(
      `Non-Deterministic workflow detected: ${what} Was a change made to the orchestrator code after this instance had already started running?`,
    );
    this.name = "NonDeterministic";
  }
}
