import { type Comparable, Drop } from "liquidjs";
import type { Reference } from "../../domain/value.ts";
import { isoTime } from "./iso-time.ts";
import type { MomentStyle, Reader } from "./reader.ts";

/**
 * Values that read one way and compare another. Not liquidjs Drops: those have one `valueOf` for both. The engine
 * prints by `toString`, counts by `valueOf` and compares by the `Comparable` methods.
 */
export abstract class Shown implements Comparable {
  abstract valueOf(): string | number;
  /** What stands on the other side of a comparison, in our unit; undefined where the two can't be compared. */
  protected abstract comparable(other: unknown): string | number | undefined;

  equals(other: unknown): boolean {
    return this.comparable(other) === this.valueOf();
  }
  gt(other: unknown): boolean {
    const theirs = this.comparable(other);
    return theirs !== undefined && this.valueOf() > theirs;
  }
  geq(other: unknown): boolean {
    const theirs = this.comparable(other);
    return theirs !== undefined && this.valueOf() >= theirs;
  }
  lt(other: unknown): boolean {
    const theirs = this.comparable(other);
    return theirs !== undefined && this.valueOf() < theirs;
  }
  leq(other: unknown): boolean {
    const theirs = this.comparable(other);
    return theirs !== undefined && this.valueOf() <= theirs;
  }
}

/** An option's value: prints its label, is its number. */
export class Option extends Shown {
  readonly #number: number;
  readonly #label: string;

  constructor(number: number, label: string) {
    super();
    this.#number = number;
    this.#label = label;
  }

  override valueOf(): number {
    return this.#number;
  }
  override toString(): string {
    return this.#label;
  }
  toJSON(): number {
    return this.#number;
  }
  protected override comparable(other: unknown): number | undefined {
    if (other instanceof Option) return other.#number;
    return typeof other === "number" ? other : undefined;
  }
}

/** Yes or no: prints its label, is a truth value. A Drop, since conditions ask nothing else for its value. */
export class Flag extends Drop {
  readonly #value: boolean;
  readonly #label: string;

  constructor(value: boolean, label: string) {
    super();
    this.#value = value;
    this.#label = label;
  }

  override valueOf(): boolean {
    return this.#value;
  }
  override toString(): string {
    return this.#label;
  }
}

/** A moment, or a day without time: prints as the reader's local date, is its milliseconds since 1970. */
export class Moment extends Shown {
  readonly #iso: string;
  readonly #at: number;
  readonly #reader: Reader;

  constructor(iso: string, at: number, reader: Reader) {
    super();
    this.#iso = iso;
    this.#at = at;
    this.#reader = reader;
  }

  /** Only a date: the same day everywhere. */
  get isDay(): boolean {
    return this.#iso.length === DAY_LENGTH;
  }
  in(date: MomentStyle, time?: MomentStyle): string {
    return this.isDay ? this.#reader.day(this.#at, date) : this.#reader.moment(this.#at, date, time);
  }
  override valueOf(): number {
    return this.#at;
  }
  override toString(): string {
    return this.in("medium");
  }
  toJSON(): string {
    return this.#iso;
  }
  protected override comparable(other: unknown): number | undefined {
    if (other instanceof Moment) return other.#at;
    if (typeof other !== "string") return undefined;
    const at = Date.parse(other);
    return Number.isNaN(at) ? undefined : at;
  }
}

/** A lookup's value: prints its name, is its id; `.name`, `.id` and `.table` are at hand. */
export class Referred extends Shown implements Reference {
  readonly table: string;
  readonly id: string;
  readonly name: string | null;

  constructor(reference: Reference) {
    super();
    this.table = reference.table;
    this.id = reference.id;
    this.name = reference.name;
  }

  override valueOf(): string {
    return this.id;
  }
  override toString(): string {
    return this.name ?? "";
  }
  protected override comparable(other: unknown): string | undefined {
    if (other instanceof Referred) return other.id;
    return typeof other === "string" ? other.toLowerCase() : undefined;
  }
}

/** Text that is HTML already, such as what `capture` collected: printed as it is. */
export class Markup {
  readonly #html: string;

  constructor(html: string) {
    this.#html = html;
  }
  toString(): string {
    return this.#html;
  }
}

const DAY_LENGTH = "2026-03-01".length;

/** A moment or a day where the text is one. A column's own text in exactly that form reads as a date too. */
export function asMoment(text: string, reader: Reader): Moment | undefined {
  const at = isoTime(text);
  return at === undefined ? undefined : new Moment(text, at, reader);
}
