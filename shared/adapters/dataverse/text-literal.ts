/** A text as it stands in `$filter`. A quote within is written twice, else the text would end there. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A text for `contains` and its like, where Dataverse takes `%`, `_` and `[…]` for wildcards: between brackets they are not. */
export function partLiteral(text: string): string {
  return textLiteral(text.replace(/[[%_]/g, "[$&]"));
}
