import { type ColumnInfo, isPersonTable, type TableInfo } from "../metadata.ts";
import type { Phrases } from "../phrases.ts";
import { english as englishStory } from "../phrases-en.ts";
import { french as frenchStory } from "../phrases-fr.ts";
import { instant, isGuid } from "../sameness.ts";
import { isInteraction } from "../trigger.ts";
import { type FieldValue, isReference } from "../value.ts";
import type { PageLanguage } from "../words.ts";
import type { WhyPhrases } from "./phrases.ts";
import { english } from "./phrases-en.ts";
import { french } from "./phrases-fr.ts";

/** Names of what is told about, as far as they are known: without one, its logical name is said. */
export interface Glossary {
  readonly tables: Readonly<Record<string, TableInfo>>;
  /** Of triggers and journeys, by slug. */
  readonly triggers: Readonly<Record<string, string>>;
  readonly journeys: Readonly<Record<string, string>>;
  /** Of Dataverse's users, by id. */
  readonly users: Readonly<Record<string, string>>;
  /** Of persons, by member. */
  readonly people: Readonly<Record<string, string>>;
  /** Of rows, by `table:id`. */
  readonly rows: Readonly<Record<string, string>>;
}

export interface Speaking {
  readonly language: PageLanguage;
  readonly timeZone: string;
  /** Without personal data: ids stay, names, addresses and texts do not. */
  readonly discreet: boolean;
  readonly glossary: Glossary;
}

/** Says values, columns, rows, people and moments in one language. */
export interface Speaker {
  readonly say: WhyPhrases;
  /** The words in which a run's own story is told. */
  readonly plain: Phrases;
  readonly speaking: Speaking;
  readonly table: (name: string) => string;
  readonly row: (table: string, id: string, name: string | null) => string;
  readonly column: (table: string, column: string) => string;
  readonly columns: (table: string, columns: readonly string[]) => string;
  readonly value: (table: string | null, column: string, value: FieldValue) => string;
  readonly when: (at: number) => string;
  readonly trigger: (slug: string) => string;
  readonly journey: (slug: string) => string;
  readonly user: (id: string | null) => string;
  readonly person: (member: string | null) => string;
  readonly quoted: (text: string) => string;
}

export function speakerOf(speaking: Speaking): Speaker {
  const { language, discreet, glossary, timeZone } = speaking;
  const say = language === "fr" ? french : english;
  const plain = language === "fr" ? frenchStory : englishStory;
  const moments = new Intl.DateTimeFormat(say.locale, { dateStyle: "long", timeStyle: "short", timeZone });
  const days = new Intl.DateTimeFormat(say.locale, { dateStyle: "long", timeZone: "UTC" });
  const numbers = new Intl.NumberFormat(say.locale);
  const lists = new Intl.ListFormat(say.locale, { type: "conjunction" });
  const labelled = (label: { readonly en: string; readonly fr: string } | undefined, name: string): string =>
    label?.[language] || name;
  const info = (table: string | null, column: string): ColumnInfo | undefined =>
    table === null ? undefined : glossary.tables[table]?.columns.find((one) => one.column === column);
  const table = (name: string): string => labelled(glossary.tables[name]?.label, name);
  const column = (of: string, name: string): string => labelled(info(of, name)?.label, name);
  const when = (at: number): string => moments.format(at);

  function text(value: string, of: ColumnInfo | undefined): string {
    const at = of?.type === "text" ? undefined : instant(value);
    if (at !== undefined) return of?.type === "day" || !value.includes("T") ? days.format(at) : when(at);
    if (isGuid(value)) return nameOf(value.toLowerCase());
    return discreet ? say.leftOut : say.quoted(value);
  }

  /** Who or what an id is, where that was read; ids are nothing to show. */
  function nameOf(id: string): string {
    const named = Object.entries({ ...glossary.people, ...glossary.rows }).find(([key]) => key.endsWith(`:${id}`));
    return discreet ? say.someRow : (glossary.users[id] ?? named?.[1] ?? say.someRow);
  }

  function value(of: string | null, name: string, it: FieldValue): string {
    if (it === null) return say.nothing;
    const known = info(of, name);
    const option = (number: number) => known?.options.find((one) => one.value === number);
    if (typeof it === "boolean") return labelled(option(Number(it))?.label, it ? say.yes : say.no);
    if (typeof it === "number" && option(it) !== undefined) return labelled(option(it)?.label, String(it));
    // A birthday or an income says more of a person than a ticket should.
    if (discreet && of !== null && isPersonTable(of)) return say.leftOut;
    if (typeof it === "number") return numbers.format(it);
    if (typeof it === "string") return text(it, known);
    if (isReference(it)) return discreet || it.name === null ? say.aRow(table(it.table)) : it.name;
    return it.length === 0 ? say.nothing : lists.format(it.map((one) => value(of, name, one)));
  }

  return {
    say,
    plain,
    speaking,
    table,
    row: (of, id, name) => say.row(table(of), discreet ? id : (name ?? glossary.rows[`${of}:${id}`] ?? null)),
    column,
    columns: (of, names) => lists.format(names.map((name) => say.quoted(column(of, name)))),
    value,
    when,
    trigger: (slug) => (isInteraction(slug) ? plain.interactions[slug] : say.quoted(glossary.triggers[slug] ?? slug)),
    journey: (slug) => say.quoted(glossary.journeys[slug] ?? slug),
    user: (id) => (discreet || id === null ? say.aUser : (glossary.users[id] ?? say.aUser)),
    person: (member) => (discreet || member === null ? say.thePerson : (glossary.people[member] ?? say.thePerson)),
    quoted: say.quoted,
  };
}
