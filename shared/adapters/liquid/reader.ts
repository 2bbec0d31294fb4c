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
  const dates = dateFormats(language, timeZone);
  const days = dateFormats(language, "UTC");
  const amounts = new Lru<string, Intl.NumberFormat>(40);
  return {
    language,
    timeZone,
    moment: (at, date, time) => dates(date, time).format(at),
    day: (at, date) => days(date).format(at),
    money: (amount, currency) =>
      amounts.get(currency, () => new Intl.NumberFormat(language, { style: "currency", currency })).format(amount),
  };
}

function dateFormats(
  language: string,
  timeZone: string,
): (date: MomentStyle, time?: MomentStyle) => Intl.DateTimeFormat {
  const make = (dateStyle: MomentStyle, timeStyle?: MomentStyle) =>
    new Intl.DateTimeFormat(language, { timeZone, dateStyle, ...(timeStyle && { timeStyle }) });
  // Four lengths with and without time: few enough to keep them all.
  const made = new Map<string, Intl.DateTimeFormat>([["medium", make("medium")]]);
  return (date, time) => {
    const style = time === undefined ? date : `${date} ${time}`;
    const known = made.get(style);
    if (known !== undefined) return known;
    const format = make(date, time);
    made.set(style, format);
    return format;
  };
}
