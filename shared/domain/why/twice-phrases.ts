/** Why somebody got something twice, in one language. Arguments are names and moments, ready to be shown. */
export interface TwicePhrases {
  readonly records: (who: string, journey: string, one: string, other: string) => string;
  /** Two events that are about no record. */
  readonly events: (who: string, journey: string, trigger: string) => string;
  readonly always: (who: string, journey: string) => string;
  readonly people: (journey: string, count: number) => string;
  /** Two persons, for one record. */
  readonly members: (journey: string, row: string) => string;
  readonly journeys: (who: string, one: string, other: string) => string;
  /** The run came to the same step twice. */
  readonly loop: (who: string, journey: string, mail: string) => string;
  readonly reset: (who: string, journey: string, row: string) => string;
  readonly once: (who: string, journey: string, when: string) => string;
  readonly never: (who: string, journey: string | null) => string;
  readonly entry: (journey: string, when: string) => string;
  readonly mendRecords: string;
  readonly mendAlways: string;
  readonly mendPeople: string;
  readonly mendMembers: string;
  readonly mendJourneys: string;
  readonly mendLoop: string;
}
