/**
 * What a timer function is given, in the spelling of the timer extension; the library turns it to camel case.
 * The status is that of before this run: `Next` is the tick that sets it off. A timer that keeps none gets null.
 */
export interface TimerInfo {
  readonly Schedule: { readonly AdjustForDST: boolean };
  readonly ScheduleStatus: { readonly Last: string; readonly Next: string; readonly LastUpdated: string } | null;
  readonly IsPastDue: boolean;
}
