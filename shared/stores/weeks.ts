const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** Monday, 5 January 1970. */
const FIRST_MONDAY = 4 * DAY_MS;

/** The week's number since 1970 as the end of a table's name: one table a week is dropped whole. */
export function weekOf(ms: number): string {
  return `W${String(Math.floor((ms - FIRST_MONDAY) / WEEK_MS)).padStart(5, "0")}`;
}

/** Weeks that ended more than `days` before `now`, newest first, as far back as `back` weeks. */
export function expiredWeeks(now: number, days: number, back: number): readonly string[] {
  const newest = now - days * DAY_MS - WEEK_MS;
  return Array.from({ length: back }, (_, n) => weekOf(newest - n * WEEK_MS));
}

/** How many weeks, this one among them, hold what is kept for so many days. */
export function weeksKept(days: number): number {
  return Math.ceil(days / 7) + 1;
}
