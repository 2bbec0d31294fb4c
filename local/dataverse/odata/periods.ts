const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** From when (undefined: ever) until just before when. */
export type Period = readonly [from: number | undefined, to: number];

/**
 * The period that a function such as `LastXDays` or `ThisMonth` means at a moment; undefined if it is none. Days begin at
 * midnight UTC and weeks on Sunday; months and years are the calendar's. Fiscal periods are not known.
 */
export function periodOf(name: string, now: number, count: number): Period | undefined {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const single = ONE_DAY[name];
  if (single !== undefined) return [today + single * DAY_MS, today + (single + 1) * DAY_MS];
  if (name === "Last7Days") return periodOf("LastXDays", now, 7);
  if (name === "Next7Days") return periodOf("NextXDays", now, 7);

  const whole = /^(Last|This|Next)(Week|Month|Year)$/.exec(name);
  if (whole) {
    const first = startOf(today, whole[2] ?? "");
    const at = { Last: -1, This: 0, Next: 1 }[whole[1] ?? ""] ?? 0;
    const unit = `${whole[2]}s`;
    return [moved(first, unit, at), moved(first, unit, at + 1)];
  }

  const span = /^(Last|Next|OlderThan)X(Minutes|Hours|Days|Weeks|Months|Years)$/.exec(name);
  if (!span || !Number.isFinite(count)) return undefined;
  const [, side, unit = ""] = span;
  // Whole days, today included: what happened on the first day of the span counts.
  const start = unit === "Hours" || unit === "Minutes" ? now : today;
  if (side === "OlderThan") return [undefined, moved(start, unit, -count)];
  if (unit === "Minutes") return undefined;
  if (side === "Last") return [moved(start, unit, -count), now + 1];
  return [now, moved(unit === "Hours" ? start : start + DAY_MS, unit, count)];
}

const ONE_DAY: Readonly<Record<string, number>> = { Yesterday: -1, Today: 0, Tomorrow: 1 };

function startOf(today: number, unit: string): number {
  const date = new Date(today);
  if (unit === "Week") return today - date.getUTCDay() * DAY_MS;
  return Date.UTC(date.getUTCFullYear(), unit === "Month" ? date.getUTCMonth() : 0, 1);
}

/** A moment some units later. A month's last days become the last of a shorter one. */
function moved(at: number, unit: string, count: number): number {
  const fixed = { Minutes: 60_000, Hours: HOUR_MS, Days: DAY_MS, Weeks: WEEK_MS }[unit];
  if (fixed !== undefined) return at + count * fixed;
  const months = unit === "Years" ? 12 * count : count;
  const date = new Date(at);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + months, 1);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, last));
}
