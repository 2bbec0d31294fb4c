import { type Context, Drop } from "liquidjs";
import { type FieldValue, isReference } from "../../domain/value.ts";
import type { TemplateScope } from "../../ports/templates.ts";
import { type Reader, readerFor } from "./reader.ts";
import { asMoment, Flag, Option, Referred } from "./shown-values.ts";

/** The names that a template may start a path with. */
export const ROOTS = ["event", "before", "record", "audience", "related", "survey", "discount", "unsubscribe"] as const;
export type Root = (typeof ROOTS)[number];

export function isRoot(name: unknown): name is Root {
  return (ROOTS as readonly unknown[]).includes(name);
}

// Symbols, so that no template can name them.
export const READER = Symbol("reader");
export const SPENT = Symbol("spent");
const SCOPE = Symbol("scope");

/**
 * What the engine reads: the scope's values, each in a form that prints for this reader. A Drop, so that a root is
 * made when the engine first asks for it; most paths are read by `shownAt` and never need one.
 */
export class View extends Drop {
  readonly [READER]: Reader;
  readonly [SCOPE]: TemplateScope;
  /** What the mail's first part began to count. */
  [SPENT]?: Pick<Context, "memoryLimit" | "renderLimit">;
  readonly #roots: { [root in Root]?: object } = {};

  /** @throws RangeError for a language or time zone that nobody knows. */
  constructor(scope: TemplateScope) {
    super();
    this[SCOPE] = scope;
    this[READER] = readerFor(scope.language, scope.timeZone);
  }

  get event(): object {
    return this.#root("event");
  }
  get before(): object {
    return this.#root("before");
  }
  get record(): object {
    return this.#root("record");
  }
  get audience(): object {
    return this.#root("audience");
  }
  get related(): object {
    return this.#root("related");
  }
  get survey(): object {
    return this.#root("survey");
  }
  get discount(): object {
    return this.#root("discount");
  }
  get unsubscribe(): object {
    return this.#root("unsubscribe");
  }

  #root(root: Root): object {
    this.#roots[root] ??= shownColumns(this[SCOPE][root] ?? {}, root, this);
    return this.#roots[root];
  }
}

/** The value at a path of own properties; `field` is that path with dots, under which its labels are. */
export function shownAt(view: View, path: readonly string[], field: string): unknown {
  return shown(valueAt(view[SCOPE], path), field, view);
}

/**
 * What stands at a path in plain objects. What every object inherits is no value: `isOwn` has to hold for each name,
 * which is asked once, when the template is parsed.
 */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (typeof at !== "object" || at === null || Array.isArray(at)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

/** A group of columns, as this view makes them. */
export function isGroup(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null;
}

/** Whether a name, read from a plain object, can only be one of its own. */
export function isOwn(name: string): boolean {
  return !(name in Object.prototype);
}

/** Columns under their names, without a prototype: nothing but the columns themselves can be read. */
function shownColumns(values: object, path: string, view: View): object {
  const columns = Object.create(null);
  for (const [column, value] of Object.entries(values)) columns[column] = shown(value, `${path}.${column}`, view);
  return columns;
}

function shown(value: unknown, field: string, view: View): unknown {
  if (typeof value === "string") return asMoment(value, view[READER]) ?? value;
  if (typeof value === "number") {
    const label = view[SCOPE].labels[field]?.[value];
    return label === undefined ? value : new Option(value, label);
  }
  if (typeof value === "boolean") {
    const label = view[SCOPE].labels[field]?.[value ? 1 : 0];
    return label === undefined ? value : new Flag(value, label);
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((part) => shown(part, field, view));
  return isReferred(value) ? new Referred(value) : shownColumns(value, field, view);
}

/** A reference, not a group of columns: those of an awaited event, of a related row, of a survey. */
function isReferred(value: object): value is Referred {
  if (!isReference(value as FieldValue)) return false;
  return "table" in value && "id" in value && "name" in value && Object.keys(value).length === 3;
}
