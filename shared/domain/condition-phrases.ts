import type { RowOperator } from "./child-rows.ts";
import type { Operator } from "./condition.ts";

/** How conditions are said in one language. Arguments are labels and values, ready to be shown. */
export interface ConditionPhrases {
  readonly and: (parts: readonly string[]) => string;
  readonly or: (parts: readonly string[]) => string;
  readonly always: string;
  readonly never: string;
  readonly not: (part: string) => string;
  /** What is said of a column, after its label. */
  readonly says: Readonly<Record<Operator | RowOperator, (value: string) => string>>;
  /** One value left for another, in one change. */
  readonly fromTo: (from: string, to: string) => string;
  readonly person: string;
  readonly record: string;
  /** Of the record: the row that a lookup leads to. */
  readonly owner: (lookup: string) => string;
  readonly rows: (table: string, other: boolean, many: boolean) => string;
  readonly where: (parts: string) => string;
  readonly has: (owner: string, rows: string) => string;
  readonly hasNo: (owner: string, rows: string) => string;
  readonly count: Readonly<
    Record<"eq" | "ne" | "gt" | "ge" | "lt" | "le", (owner: string, number: string, rows: string) => string>
  >;
  readonly by: (users: string) => string;
  readonly notBy: (users: string) => string;
  readonly notImports: string;
  readonly ownToo: string;
  readonly created: (table: string) => string;
  readonly changed: (columns: string, table: string) => string;
  readonly saved: (columns: string, table: string) => string;
  readonly anyChanged: (table: string) => string;
  readonly anySaved: (table: string) => string;
  readonly deleted: (table: string) => string;
  readonly when: (parts: readonly string[]) => string;
}

const EN_OR = new Intl.ListFormat("en-GB", { type: "disjunction" });
const EN_AND = new Intl.ListFormat("en-GB", { type: "conjunction" });
const FR_OR = new Intl.ListFormat("fr-FR", { type: "disjunction" });
const FR_AND = new Intl.ListFormat("fr-FR", { type: "conjunction" });

export const englishConditions: ConditionPhrases = {
  and: (parts) => EN_AND.format(parts),
  or: (parts) => EN_OR.format(parts),
  always: "always",
  never: "never",
  not: (part) => `not so: ${part}`,
  says: {
    eq: (value) => `is ${value}`,
    ne: (value) => `is not ${value}`,
    in: (value) => `is ${value}`,
    gt: (value) => `is more than ${value}`,
    ge: (value) => `is at least ${value}`,
    lt: (value) => `is less than ${value}`,
    le: (value) => `is at most ${value}`,
    contains: (value) => `contains ${value}`,
    "starts-with": (value) => `begins with ${value}`,
    "is-null": () => "is empty",
    "is-not-null": () => "is not empty",
    changed: () => "gets another value",
    "changed-from": (value) => `changes from ${value}`,
    "changed-to": (value) => `changes to ${value}`,
    "within-last": (value) => `lies in the last ${value}`,
    "within-next": (value) => `lies in the next ${value}`,
  },
  fromTo: (from, to) => `changes from ${from} to ${to}`,
  person: "the person",
  record: "the record",
  owner: (lookup) => `the record’s ${lookup}`,
  rows: (table, other, many) => `${other ? "other " : ""}${many ? "records" : "record"} of ${table}`,
  where: (parts) => ` where ${parts}`,
  has: (owner, rows) => `${owner} has at least one ${rows}`,
  hasNo: (owner, rows) => `${owner} has no ${rows}`,
  count: {
    eq: (owner, number, rows) => `${owner} has exactly ${number} ${rows}`,
    ne: (owner, number, rows) => `${owner} has more or fewer than ${number} ${rows}`,
    gt: (owner, number, rows) => `${owner} has more than ${number} ${rows}`,
    ge: (owner, number, rows) => `${owner} has at least ${number} ${rows}`,
    lt: (owner, number, rows) => `${owner} has fewer than ${number} ${rows}`,
    le: (owner, number, rows) => `${owner} has at most ${number} ${rows}`,
  },
  by: (users) => `made by ${users}`,
  notBy: (users) => `not made by ${users}`,
  notImports: "not by an import",
  ownToo: "by journeys too",
  created: (table) => `a record of ${table} is created`,
  changed: (columns, table) => `${columns} changes in a record of ${table}`,
  saved: (columns, table) => `a record of ${table} is saved with ${columns}`,
  anyChanged: (table) => `any column of a record of ${table} changes`,
  anySaved: (table) => `a record of ${table} is saved`,
  deleted: (table) => `a record of ${table} is deleted`,
  when: (parts) => `When ${EN_OR.format(parts)}`,
};

export const frenchConditions: ConditionPhrases = {
  and: (parts) => FR_AND.format(parts),
  or: (parts) => FR_OR.format(parts),
  always: "toujours",
  never: "jamais",
  not: (part) => `il n’est pas vrai que\u00a0: ${part}`,
  says: {
    eq: (value) => `est ${value}`,
    ne: (value) => `n’est pas ${value}`,
    in: (value) => `est ${value}`,
    gt: (value) => `est supérieur à ${value}`,
    ge: (value) => `est au moins ${value}`,
    lt: (value) => `est inférieur à ${value}`,
    le: (value) => `est au plus ${value}`,
    contains: (value) => `contient ${value}`,
    "starts-with": (value) => `commence par ${value}`,
    "is-null": () => "est vide",
    "is-not-null": () => "n’est pas vide",
    changed: () => "change de valeur",
    "changed-from": (value) => `quitte ${value}`,
    "changed-to": (value) => `passe à ${value}`,
    "within-last": (value) => `remonte à moins de ${value}`,
    "within-next": (value) => `arrive dans moins de ${value}`,
  },
  fromTo: (from, to) => `quitte ${from} pour ${to}`,
  person: "la personne",
  record: "l’enregistrement",
  owner: (lookup) => `${lookup} de l’enregistrement`,
  // Nobody tells the gender of a table's name: what is said agrees with the word "fiche".
  rows: (table, other, many) => `${other ? (many ? "autres " : "autre ") : ""}${many ? "fiches" : "fiche"} ${table}`,
  where: (parts) => ` dont ${parts}`,
  has: (owner, rows) => `${owner} a au moins une ${rows}`,
  hasNo: (owner, rows) => `${owner} n’a aucune ${rows}`,
  count: {
    eq: (owner, number, rows) => `${owner} a exactement ${number} ${rows}`,
    ne: (owner, number, rows) => `${owner} a plus ou moins de ${number} ${rows}`,
    gt: (owner, number, rows) => `${owner} a plus de ${number} ${rows}`,
    ge: (owner, number, rows) => `${owner} a au moins ${number} ${rows}`,
    lt: (owner, number, rows) => `${owner} a moins de ${number} ${rows}`,
    le: (owner, number, rows) => `${owner} a au plus ${number} ${rows}`,
  },
  by: (users) => `par ${users}`,
  notBy: (users) => `pas par ${users}`,
  notImports: "pas par une importation",
  ownToo: "par les parcours aussi",
  created: (table) => `une fiche ${table} est créée`,
  changed: (columns, table) => `${columns} change dans une fiche ${table}`,
  saved: (columns, table) => `une fiche ${table} est enregistrée avec ${columns}`,
  anyChanged: (table) => `une colonne quelconque d’une fiche ${table} change`,
  anySaved: (table) => `une fiche ${table} est enregistrée`,
  deleted: (table) => `une fiche ${table} est supprimée`,
  when: (parts) => `Quand ${FR_OR.format(parts)}`,
};
