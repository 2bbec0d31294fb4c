/** How many mails a provider takes, and how long a number of them needs. Pure arithmetic: no promise of anybody's. */

export interface SendLimits {
  readonly perMinute: number;
  readonly perHour: number;
}

/** What Communication Services gives a subscription that never asked for more, by who manages the domain. */
export const DEFAULT_LIMITS = {
  managed: { perMinute: 5, perHour: 10 },
  custom: { perMinute: 30, perHour: 100 },
} as const satisfies Record<string, SendLimits>;

/** What can go out in an hour: whichever of the two limits is reached first. */
export function hourlyRate({ perMinute, perHour }: SendLimits): number {
  return Math.min(perMinute * 60, perHour);
}

/**
 * Minutes until the last of so many mails may go, at most. What fits into an hour's limit goes minute by minute; more
 * than that waits for the next hour, and the next: 200 mails at 5 a minute and 10 an hour take 20 hours.
 */
export function minutesFor(mails: number, limits: SendLimits): number {
  const rate = hourlyRate(limits);
  if (mails <= 0) return 0;
  return mails <= rate ? Math.ceil(mails / limits.perMinute) : Math.ceil(mails / rate) * 60;
}

/** `20 hours`, `4 days 4 hours`, `2 minutes`: no finer than what one plans with. */
export function durationText(minutes: number): string {
  if (minutes < 60) return counted(minutes, "minute");
  const hours = Math.ceil(minutes / 60);
  const days = Math.floor(hours / 24);
  const rest = hours % 24;
  if (days < 2) return counted(hours, "hour");
  return rest === 0 ? counted(days, "day") : `${counted(days, "day")} ${counted(rest, "hour")}`;
}

function counted(number: number, what: string): string {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}
