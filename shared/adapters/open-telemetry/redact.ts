const HIDDEN = "…";

/** What carries a secret or a person, wherever it stands in a text: keys, tokens, signatures, addresses. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // In a query, a connection string or a header: the name stays, the value goes.
  [
    /\b(code|token|key|sig|signature|secret|password|accesskey|accountkey|sharedaccesskey|x-parcours-key)(["']?\s*[=:]\s*["']?)[^&;,\s"']+/gi,
    `$1$2${HIDDEN}`,
  ],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  // The pages of Parcours whose path is a token.
  [/\/(survey|unsubscribe|preferences|click)\/[^/?#\s"']+/gi, `/$1/${HIDDEN}`],
  [/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, HIDDEN],
];

/** A text without keys, tokens and addresses: the last guard in front of every exporter. */
export function redacted(text: string): string {
  return SECRETS.reduce((now, [secret, instead]) => now.replace(secret, instead), text);
}
