import { Cron } from "croner";
import { parseTimeSpan } from "./host-json.ts";

/** When a timer function is due. */
export interface Schedule {
  /** The first instant after `after`, both in milliseconds. */
  next(after: number): number;
  /** Of a fixed interval, in milliseconds. */
  readonly interval?: number;
}

/** What NCRONTAB has no notion of, though the parser below does: `L`, `W`, `#`, `?`, `@daily`, Sunday as 7. */
const FOREIGN = [/[^\w*,/\s-]/, /(?<![a-z])[a-z]{1,2}(?![a-z])/i, /[ ,-]7(-\S*)?$/];
const FIELDS = /^\s*(\S+\s+){4,5}\S+\s*$/;

/**
 * Reads NCRONTAB as the timer trigger does: six fields from the second on, five without it, or a time span for a fixed
 * interval. Times are UTC. A day must fit both the day of the month and the day of the week. Throws where it can't.
 */
export function parseSchedule(text: string): Schedule {
  const interval = parseTimeSpan(text);
  if (interval !== undefined && interval > 0) return { next: (after) => after + interval, interval };
  if (!FIELDS.test(text) || FOREIGN.some((foreign) => foreign.test(text.trimEnd())))
    throw new Error(
      `the schedule "${text}" can't be read: it takes six fields (second minute hour day month weekday 0-6), five ` +
        "without the second, each of numbers, names such as Mon or Jan, * , - and /; or a time span hh:mm:ss.",
    );
  const cron = new Cron(text, { timezone: "UTC", domAndDow: true, paused: true });
  return {
    next: (after) => cron.nextRun(new Date(after))?.getTime() ?? Number.POSITIVE_INFINITY,
  };
}
