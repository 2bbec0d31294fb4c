const DAY_MS = 86_400_000;
const TWO_DIGITS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, "0"));

/** The day asked for last and its text: most moments in a body, and in the next ones, are of the same day. */
let day = Number.NaN;
let dayText = "";

/**
 * `Date.prototype.toISOString` at a fifth of its cost, which was a tenth of reading a whole change.
 * Answers undefined where the calendar ends.
 */
export function isoMoment(ms: number): string | undefined {
  const wanted = Math.floor(ms / DAY_MS);
  if (wanted !== day) {
    const date = new Date(ms);
    if (Number.isNaN(date.getTime())) return undefined;
    dayText = date.toISOString().slice(0, -"00:00:00.000Z".length);
    day = wanted;
  }
  const within = Math.trunc(ms) - wanted * DAY_MS;
  const seconds = Math.floor(within / 1000);
  const minutes = Math.floor(seconds / 60);
  const fraction = within - seconds * 1000;
  return `${dayText}${TWO_DIGITS[Math.floor(minutes / 60)]}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds % 60]}.${fraction === 0 ? "000" : String(fraction).padStart(3, "0")}Z`;
}
