const DURATION =
  /^P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const SECOND = 1000;
const DAY = 86_400 * SECOND;

/** Whether a text is an ISO 8601 duration such as `P7D`, `PT1H30M`, `P1M` or `P2W`. Only seconds may be fractions. */
export function isDuration(text: string): boolean {
  return DURATION.test(text);
}

/**
 * An instant (milliseconds) plus or minus an ISO 8601 duration, by the calendar in UTC: years and months first, the
 * day clamped to the month's last (31 January + P1M is the end of February), then what has a fixed length.
 *
 * @returns NaN if the text is no duration or the answer no instant; no comparison holds for it
 */
export function addDuration(ms: number, text: string, sign: 1 | -1 = 1): number {
  const parts = DURATION.exec(text);
  if (parts === null) return Number.NaN;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  const fixed = (weeks * 7 + days) * DAY + (hours * 3600 + minutes * 60 + seconds) * SECOND;
  const moved = addMonths(ms, sign * (years * 12 + months)) + sign * fixed;
  return new Date(moved).getTime();
}

function addMonths(ms: number, months: number): number {
  if (months === 0) return ms;
  const date = new Date(ms);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(date);
  last.setUTCMonth(last.getUTCMonth() + 1, 0);
  date.setUTCDate(Math.min(day, last.getUTCDate()));
  return date.getTime();
}
