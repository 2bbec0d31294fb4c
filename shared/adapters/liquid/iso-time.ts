/**
 * Milliseconds since 1970 of a text in the domain's forms, `2026-03-01`, `2026-03-01T09:00:00Z` and
 * `2026-03-01T09:00:00.000Z`; undefined for any other. Every value of a mail is asked, and `Date.parse` behind a
 * pattern takes as long as all the rest of printing it.
 */
export function isoTime(text: string): number | undefined {
  const { length } = text;
  if (length !== 10 && length !== 20 && length !== 24) return undefined;
  if (text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN) return undefined;
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return undefined;
  if (length === 10) return Date.UTC(year, month - 1, day);
  if (text[10] !== "T" || text[13] !== ":" || text[16] !== ":" || text[length - 1] !== "Z") return undefined;
  const [hour, minute, second] = [two(text, 11), two(text, 14), two(text, 17)];
  const thousandths = length === 20 ? 0 : thousandthsAt(text, 19);
  if (!(hour < 24 && minute < 60 && second < 60 && thousandths >= 0)) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second, thousandths);
}

const HYPHEN = 45;
const ZERO = 48;

/** The number of two digits; NaN, which no comparison holds for, where they are none. */
function two(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function thousandthsAt(text: string, at: number): number {
  return text[at] === "." ? digit(text, at + 1) * 100 + two(text, at + 2) : Number.NaN;
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - ZERO;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}
