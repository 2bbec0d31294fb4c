/** Every name under which Parcours measures itself: what alerts, workbook and docs/operations.md speak of. */

interface Instrument {
  /** As OpenTelemetry writes units: `ms`, `{run}`. */
  readonly unit: string;
  readonly what: string;
}

/** What is added up. */
export const COUNTERS = {
  "parcours.changes": { unit: "{change}", what: "Changes that Dataverse posted, by outcome" },
  "parcours.events": { unit: "{event}", what: "Trigger events that were worked on, by trigger" },
  "parcours.entries": { unit: "{entry}", what: "Entries that were decided, by journey and outcome" },
  "parcours.runs.moved": { unit: "{run}", what: "Runs that came from one state into another, by journey" },
  "parcours.sends": { unit: "{mail}", what: "Sends, by journey and outcome" },
  "parcours.mail.throttled": { unit: "{request}", what: "Mails that the provider put off with 429" },
  "parcours.mail.reports": { unit: "{report}", what: "What became of mails, as the provider reports it" },
  "parcours.retried": {
    unit: "{message}",
    what: "Deliveries of the bus that failed and come again, by source and fault",
  },
  "parcours.parked": {
    unit: "{message}",
    what: "Messages and changes that could not be worked on, by source and kind",
  },
  "parcours.spilled": {
    unit: "{message}",
    what: "Messages that the bus did not take, kept in the store until it does",
  },
  "parcours.braked": { unit: "{event}", what: "Events whose entries wait at the surge brake, by trigger" },
  "parcours.keeper.revived": { unit: "{run}", what: "Runs that the durable engine had lost, by what was done" },
} as const satisfies Record<string, Instrument>;

/** What is distributed. */
export const DISTRIBUTIONS = {
  "parcours.lag.received": { unit: "ms", what: "From a change in Dataverse to its webhook" },
  "parcours.lag.handled": { unit: "ms", what: "From the receipt of an event to the end of the work on it" },
  "parcours.lag.entered": { unit: "ms", what: "From what happened to the run that it started" },
} as const satisfies Record<string, Instrument>;

/** What stands at a value, told again at each look. */
export const LEVELS = {
  "parcours.ready": { unit: "1", what: "1 where a part answers, 0 where it does not, by part" },
  "parcours.drift": { unit: "{registration}", what: "Registrations in Dataverse that are not as they should be" },
  "parcours.keeper.overdue": { unit: "{run}", what: "Runs that are overdue and were tried or woken of late" },
} as const satisfies Record<string, Instrument>;

export type Counter = keyof typeof COUNTERS;
export type Distribution = keyof typeof DISTRIBUTIONS;
export type Level = keyof typeof LEVELS;

/** What may be said beside a number or a span: ids of definitions, outcomes, codes. Never who, and no address. */
export type Label =
  | "code"
  | "from"
  | "how"
  | "journey"
  | "kind"
  | "outcome"
  | "part"
  | "reason"
  | "route"
  /** The hash of a run's id, without the member that it begins with. */
  | "run"
  | "source"
  | "step"
  | "table"
  | "to"
  | "trigger";

export type SpanName =
  | "request answered"
  | "messages published"
  | "message handled"
  | "run continued"
  | "mail sent"
  | "mail asked about"
  | "Dataverse asked";
