import { readFileSync } from "node:fs";

/** Who is written to: their key, and the columns of their row. */
export interface Person {
  readonly key: string;
  readonly firstname: string;
  readonly lastname: string;
  readonly ab_langue: string;
  readonly emailaddress1?: string | null;
  readonly [column: string]: unknown;
}

export interface Account {
  readonly key: string;
  readonly name: string;
  readonly address1_city: string;
  /** Key of its primary contact. */
  readonly primary?: string;
}

/**
 * A support case and what became of it. Times are in days: those of one case count from what came before. The part
 * behind the point is the working day: 0.0 is nine o'clock, 0.9 the end of the afternoon.
 */
export interface Case {
  readonly key?: string;
  /** Key of the customer: a contact or an account. */
  readonly of: string;
  /** The case's own primary contact. */
  readonly contact?: string;
  readonly title: string;
  readonly day: number;
  /** 1 phone, 2 e-mail, 3 web. */
  readonly origin?: number;
  /** When the agent asked for details, and when they came. */
  readonly details?: number;
  readonly detailsGiven?: number;
  readonly resolved?: number;
  readonly status?: number;
  readonly cancelled?: number;
  /** Counted from its resolution. */
  readonly reopened?: number;
  /** Satisfaction, days after the resolution, and what they said. */
  readonly answer?: readonly [satisfaction: number, after: number, comment?: string];
}

export interface Order {
  readonly number: string;
  readonly of: string;
  readonly placed?: number;
  /** Days after it was placed. */
  readonly ready?: number;
  readonly cancelled?: number;
  readonly lines: readonly (readonly [product: string, quantity: number, price: number])[];
}

export interface Lead extends Person {
  readonly arrives: number;
}

export interface Contract {
  readonly title: string;
  readonly of: string;
  readonly price: number;
  readonly activeon: number;
  readonly months: number;
}

/** An application for the financing of a bicycle, in the company's own table. */
export interface Application {
  readonly number: string;
  readonly of: string;
  readonly amount: number;
  readonly received: number;
  /** Days after it was received. */
  readonly studied?: number;
  readonly decided?: number;
  readonly as?: "accepted" | "refused";
}

/** Atelier Boréal, bicycles, Lyon and Bristol: its rows, and what happened to them in sixty days. */
export const PEOPLE = read<Person[]>("contacts");
export const ACCOUNTS = read<Account[]>("accounts");
export const CASES = read<Case[]>("cases");
export const ORDERS = read<Order[]>("orders");
export const LEADS = read<Lead[]>("leads");
export const CONTRACTS = read<Contract[]>("contracts");
export const APPLICATIONS = read<Application[]>("applications");
export const CODES = read<string[]>("discount-codes");

/** Their codes come from here. */
export const POOL = "apology-10";

const FIRST_TICKET = 1001;

/** Ids are the same in every sandbox, so that a command that names one can be pasted anywhere. */
const PREFIXES = {
  contacts: "c0000000",
  accounts: "acc00000",
  incidents: "1c000000",
  salesorders: "0d000000",
  leads: "1ead0000",
  contracts: "c0220000",
  ab_demandes: "de000000",
} as const;

export function idOf(entitySet: keyof typeof PREFIXES, position: number): string {
  return `${PREFIXES[entitySet]}-0000-4000-8000-${String(position + 1).padStart(12, "0")}`;
}

export function personId(key: string): string {
  return idOf("contacts", positionOf(PEOPLE, key));
}

export function accountId(key: string): string {
  return idOf("accounts", positionOf(ACCOUNTS, key));
}

/** The case of that key, and its id. */
export function caseOf(key: string): { readonly id: string; readonly row: Case } {
  const position = positionOf(CASES, key);
  return { id: idOf("incidents", position), row: CASES[position] as Case };
}

/** Id of the last case of this customer. */
export function lastCaseOf(customer: string): string {
  return idOf(
    "incidents",
    CASES.findLastIndex(({ of }) => of === customer),
  );
}

export function ticketOf(position: number): string {
  return `CAS-${FIRST_TICKET + position}`;
}

export function addressOf(key: string): string {
  const { firstname, lastname } = PEOPLE[positionOf(PEOPLE, key)] as Person;
  return `${plain(firstname)}.${plain(lastname)}@example.com`;
}

/** Letters without their accents, and no apostrophes or spaces: as an address is made of a name. */
export function plain(name: string): string {
  return name
    .normalize("NFD")
    .toLowerCase()
    .replaceAll(/[^a-z-]/g, "");
}

/** Key of the person behind a customer: an account's primary contact. */
export function personOf(key: string): string {
  return ACCOUNTS.find((account) => account.key === key)?.primary ?? key;
}

/** `customerid` of a contact or of an account. */
export function customer(key: string): Record<string, string> {
  return PEOPLE.some((person) => person.key === key)
    ? { "customerid_contact@odata.bind": `/contacts(${personId(key)})` }
    : { "customerid_account@odata.bind": `/accounts(${accountId(key)})` };
}

function positionOf(rows: readonly { readonly key?: string }[], key: string): number {
  const found = rows.findIndex((row) => row.key === key);
  if (found < 0) throw new Error(`Atelier Boréal knows nothing of "${key}"`);
  return found;
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), "utf8")) as T;
}
