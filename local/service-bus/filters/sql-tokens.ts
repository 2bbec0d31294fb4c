/** The words of a SQL filter or action of Service Bus. */
export type Token =
  | { readonly kind: "word"; readonly text: string; readonly quoted: boolean }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "number"; readonly value: number | bigint }
  | { readonly kind: "symbol"; readonly text: string };

/** A filter or action that cannot be understood; says where. */
export class SqlError extends Error {
  override readonly name = "SqlError";
}

const PATTERN = new RegExp(
  [
    /\s+/, // between words
    /'(?<text>(?:[^']|'')*)'/, // a quote inside is doubled
    /\[(?<bracketed>(?:[^\]]|\]\])+)\]/,
    /"(?<delimited>(?:[^"]|"")+)"/,
    /(?<number>0x[0-9a-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)/,
    /(?<word>[\p{L}_$@#][\p{L}\p{N}_$@#]*)/u,
    /(?<symbol><>|!=|>=|<=|[-+*/%=<>().,;])/,
  ]
    .map((part) => part.source)
    .join("|"),
  "iuy",
);

/** Splits an expression into tokens; throws a SqlError at a character that starts none. */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(PATTERN);
  while (pattern.lastIndex < expression.length) {
    const at = pattern.lastIndex;
    const groups = pattern.exec(expression)?.groups;
    if (groups === undefined) throw new SqlError(`cannot read "${expression.slice(at, at + 10)}" at ${at}`);
    const { text, bracketed, delimited, number, word, symbol } = groups;
    if (text !== undefined) tokens.push({ kind: "text", value: text.replaceAll("''", "'") });
    else if (bracketed !== undefined)
      tokens.push({ kind: "word", text: bracketed.replaceAll("]]", "]"), quoted: true });
    else if (delimited !== undefined)
      tokens.push({ kind: "word", text: delimited.replaceAll('""', '"'), quoted: true });
    else if (number !== undefined)
      tokens.push({ kind: "number", value: /^(\d+|0x.*)$/i.test(number) ? BigInt(number) : Number(number) });
    else if (word !== undefined) tokens.push({ kind: "word", text: word, quoted: false });
    else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol });
  }
  return tokens;
}
