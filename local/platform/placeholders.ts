/** Replaces `${name}` in each value. Throws where a name is unknown: a typo must not reach the app as a setting. */
export function fillIn(
  settings: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const fill = (key: string, text: string) =>
    text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) {
        const known = Object.keys(values).filter((name) => values[name] !== undefined);
        throw new Error(`Setting ${key} names \${${name}}, but there is only ${known.join(", ")}.`);
      }
      return value;
    });
  return Object.fromEntries(Object.entries(settings).map(([key, text]) => [key, fill(key, text)]));
}
