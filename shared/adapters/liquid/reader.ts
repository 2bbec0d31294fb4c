import { Lru } from "./lru.ts";

export type MomentStyle = "short" | "medium" | "long" | "full";

/** Moments, days and amounts in the words of one reader: her language and her time zone. */
export interface Reader {
  readonly language: string;
  readonly timeZone: string;
  /** A moment (milliseconds since 1970) as her local date, with her local time where a style for it is given. */
  moment(at: number, date: MomentStyle, time?: MomentStyle): string;
  /** A date without time: no time zone may shift it. `at` is its midnight in UTC. */
  day(at: number, date: MomentStyle): string;
  /** An amount in a currency (ISO 4217). */
  money(amount: number, currency: string): string;
}

// Intl objects are costly to make (tens of microseconds) and cheap to use.
const readers = new Lru<string, Reader>(200);

/** @throws RangeError for a language or time zone that Intl does not know. */
export function readerFor(language: string, timeZone: string): Reader {
  return readers.get(`${language}|${timeZone}`, () => makeReader(language, timeZone));
}

function makeReader(language: string, timeZone: string): Reader {
  const dates = new Lru<string, Intl.DateTimeFormat>(40);
  const amounts = new Lru<string, Intl.NumberFormat>(40);
  const format = (zone: string, dateStyle: MomentStyle, timeStyle?: MomentStyle) =>
    dates.get(
      `${zone}|${dateStyle}|${timeStyle}`,
      () => new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle, ...(timeStyle && { timeStyle }) }),
    );
  format(timeZone, "medium");
  return {
    language,
    timeZone,
    moment: (at, date, time) => format(timeZone, date, time).format(at),
    day: (at, date) => format("UTC", date).format(at),
    money: (amount, currency) =>
      amounts.get(currency, () => new Intl.NumberFormat(language, { style: "currency", currency })).format(amount),
  };
}
