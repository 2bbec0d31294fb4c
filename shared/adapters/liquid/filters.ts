import type { Context, FilterImplOptions } from "liquidjs";
import { filters as builtIn } from "liquidjs";
import { escapeHtml, type Printed, printer } from "./printer.ts";
import type { MomentStyle } from "./reader.ts";
import { asMoment, Markup, Moment, Option, Referred } from "./shown-values.ts";
import { READER, type View } from "./view.ts";

/**
 * Filters that ask for the system's time zone or chance, and those whose expressions stand in a text, where the static
 * analysis can't see which columns they use.
 */
export const REFUSED_FILTERS = [
  "sample",
  "date_to_xmlschema",
  "date_to_rfc822",
  "date_to_string",
  "date_to_long_string",
  "where_exp",
  "reject_exp",
  "group_by_exp",
  "has_exp",
  "find_exp",
  "find_index_exp",
] as const;

interface Self {
  readonly context: Context;
}

const STYLES: readonly unknown[] = ["short", "medium", "long", "full"] satisfies MomentStyle[];

function styleOf(asked: unknown): MomentStyle {
  if (!STYLES.includes(asked)) throw new Error(`a date is short, medium, long or full, not ${String(asked)}`);
  return asked as MomentStyle;
}

function readerOf(self: Self) {
  return (self.context.environments as View)[READER];
}

function momentOf(self: Self, value: unknown): Moment | undefined {
  if (value instanceof Moment) return value;
  return typeof value === "string" ? asMoment(value, readerOf(self)) : undefined;
}

/** `moment: 'long'` is her local date in that length, `moment: 'long', 'short'` with the time in that one. */
function moment(this: Self, value: unknown, date: unknown = "medium", time?: unknown): unknown {
  const at = momentOf(this, value);
  if (at === undefined) return value;
  return time === undefined ? at.in(styleOf(date)) : at.in(styleOf(date), styleOf(time));
}

/** Liquid's own `date: '%d/%m/%Y'`, in her language and time zone. */
function date(this: Self, value: unknown, format: unknown, zone?: unknown): unknown {
  const at = momentOf(this, value);
  // Text such as "now" would ask the system's clock: a mail says what its data say.
  if (at === undefined) return value;
  const reader = readerOf(this);
  const opts = { ...this.context.opts, locale: reader.language };
  const inZone = at.isDay ? "UTC" : (zone ?? reader.timeZone);
  const self = { context: { opts, memoryLimit: this.context.memoryLimit } };
  return (builtIn.date as (...all: unknown[]) => unknown).call(self, at.valueOf() / 1000, format, inZone);
}

/** `money: 'EUR'`: an amount as her language writes it. */
function money(this: Self, value: unknown, currency: unknown): unknown {
  if (typeof value !== "number") return value;
  if (typeof currency !== "string") throw new Error("money needs a currency such as 'EUR'");
  return readerOf(this).money(value, currency);
}

/** What a value is beside its words: an option's number, a reference's id, a moment's ISO text. */
function value(of: unknown): unknown {
  if (of instanceof Option) return of.valueOf();
  if (of instanceof Referred) return of.id;
  return of instanceof Moment ? of.toJSON() : of;
}

function breaks(text: unknown): Markup {
  const html = text instanceof Markup ? text.toString() : escapeHtml(printer("text")(text));
  return new Markup(html.replace(/\r?\n/g, "<br>\n"));
}

const common: Readonly<Record<string, FilterImplOptions>> = { moment, date, money, value };

export const FILTERS: Readonly<Record<Printed, Readonly<Record<string, FilterImplOptions>>>> = {
  html: { ...common, newline_to_br: breaks },
  text: { ...common, newline_to_br: (text: unknown) => text },
};
