/** Begins with a letter that is rare: searching for a quote would stop at every string. */
const KEY = 'ParentContext":';
const TAG = 'tag"';
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

/**
 * The text with null for the parent context: it repeats the request that led to the change, is a third of a body, and
 * nothing in it is read but a `tag`; where one stands in it the text stays whole. Finding its end costs a fraction of
 * parsing it. Text that is no JSON may stay or become something that is none either: the caller parses it.
 */
export function withoutParent(text: string): string {
  const key = text.indexOf(KEY);
  if (key < 1 || text.charCodeAt(key - 1) !== QUOTE || text.charCodeAt(key - 2) === BACKSLASH) return text;
  let from = key + KEY.length;
  while (text.charCodeAt(from) === SPACE) from++;
  const until = text.charCodeAt(from) === OPEN ? endOfUntagged(text, from) : undefined;
  return until === undefined ? text : `${text.slice(0, from)}null${text.slice(until)}`;
}

/** Index after the brace that closes the object, braces in strings aside; undefined if there is none, or a tag. */
function endOfUntagged(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      if (text.charCodeAt(at + 1) === TAG.charCodeAt(0) && text.startsWith(TAG, at + 1)) return undefined;
      at = endOfString(text, at);
    } else if (code === OPEN) depth++;
    else if (code === CLOSE && --depth === 0) return at + 1;
  }
  return undefined;
}

/** Index of the quote that ends a string. By `indexOf`: most of a body is in strings, and it is the engine's fastest. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
