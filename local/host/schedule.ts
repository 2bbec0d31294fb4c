import { Cron } from "croner";
import { parseTimeSpan } from "./host-json.ts";

/** When a timer function is due. */
export interface Schedule {
  /** The first instant after `after`, both in milliseconds. */
  next(after: number): number;
  /** Of a fixed interval, in milliseconds. */
  readonly interval?: number;
}

/**
 * Reads NCRONTAB as the timer trigger does: six fields from the second on, five without it, or a time span for a fixed
 * interval. Times are UTC. A day must fit both the day of the month and the day of the week. Throws where it can't.
 */
export function parseSchedule(text: string): Schedule {
  const interval = parseTimeSpan(text);
  if (interval !== undefined && interval > 0) return { next: (after) => after + interval, interval };
  const cron = new Cron(text, { timezone: "UTC", domAndDow: true, paused: true });
  return {
    next: (after) => cron.nextRun(new Date(after))?.getTime() ?? Number.POSITIVE_INFINITY,
  };
}
