import type { z } from "zod";
import type { Label, optionsAnswer } from "./answers.ts";

/** Column → number → labels in every installed language. */
export type OptionLabels = ReadonlyMap<string, ReadonlyMap<string, Label>>;

export function optionLabels(columns: z.infer<typeof optionsAnswer>["value"]): OptionLabels {
  return new Map(
    columns.map(({ LogicalName, OptionSet, GlobalOptionSet }) => {
      const set = OptionSet ?? GlobalOptionSet;
      const options = [...(set?.Options ?? []), set?.FalseOption, set?.TrueOption];
      return [LogicalName, new Map(options.filter((it) => it != null).map((it) => [String(it.Value), it.Label]))];
    }),
  );
}

/** The labels in one language; where it is not installed, in the one that Dataverse would show us. */
export function labelIn(all: OptionLabels, language: string): Record<string, Record<string, string>> {
  const labels: Record<string, Record<string, string>> = {};
  for (const [column, options] of all) {
    const words: Record<string, string> = {};
    for (const [value, label] of options) {
      const word = wordOf(label, language);
      if (word !== undefined) words[value] = word;
    }
    labels[column] = words;
  }
  return labels;
}

/** A label in one language; where that is not installed, in the one that Dataverse would show us. */
export function wordOf(label: Label, language: string): string | undefined {
  const wanted = PRIMARY[language];
  const own = label.LocalizedLabels.find((each) => (each.LanguageCode & PRIMARY_MASK) === wanted);
  return (own ?? label.UserLocalizedLabel ?? label.LocalizedLabels[0])?.Label;
}

/** A Windows language code holds the language in its low ten bits and the country above: 1036 and 3084 are French. */
const PRIMARY_MASK = 0x3ff;

/** Windows' primary languages, of those that Dataverse speaks. */
const PRIMARY: Readonly<Record<string, number>> = {
  ar: 0x01,
  bg: 0x02,
  ca: 0x03,
  zh: 0x04,
  cs: 0x05,
  da: 0x06,
  de: 0x07,
  el: 0x08,
  en: 0x09,
  es: 0x0a,
  fi: 0x0b,
  fr: 0x0c,
  he: 0x0d,
  hu: 0x0e,
  it: 0x10,
  ja: 0x11,
  ko: 0x12,
  nl: 0x13,
  nb: 0x14,
  no: 0x14,
  pl: 0x15,
  pt: 0x16,
  ro: 0x18,
  ru: 0x19,
  hr: 0x1a,
  sk: 0x1b,
  sv: 0x1d,
  th: 0x1e,
  tr: 0x1f,
  id: 0x21,
  uk: 0x22,
  sl: 0x24,
  et: 0x25,
  lv: 0x26,
  lt: 0x27,
  vi: 0x2a,
  eu: 0x2d,
  hi: 0x39,
  ms: 0x3e,
  kk: 0x3f,
  gl: 0x56,
};
