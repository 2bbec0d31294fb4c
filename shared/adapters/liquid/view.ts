import { type FieldValue, isReference } from "../../domain/value.ts";
import type { TemplateScope } from "../../ports/templates.ts";
import { type Reader, readerFor } from "./reader.ts";
import { asMoment, Option, Referred } from "./shown-values.ts";

/** The names that a template may start a path with. */
export const ROOTS = ["event", "before", "record", "audience", "related", "survey", "discount"] as const;
export type Root = (typeof ROOTS)[number];

export function isRoot(name: unknown): name is Root {
  return (ROOTS as readonly unknown[]).includes(name);
}

/** Where filters find who reads; a symbol, so that no template can name it. */
export const READER = Symbol("reader");

export type View = { [READER]: Reader } & { [root in Root]?: unknown };

type Labels = Readonly<Record<string, string>>;

/** What the engine reads: the scope's values, each in a form that prints for this reader. Only the roots in use. */
export function viewOf(scope: TemplateScope, roots: Iterable<Root>): View {
  const reader = readerFor(scope.language, scope.timeZone);
  // Without a prototype nothing but the columns themselves can be read.
  const view: View = Object.assign(Object.create(null), { [READER]: reader });
  for (const root of roots) view[root] = shownColumns(scope[root], root, scope.labels, reader);
  return view;
}

function shownColumns(values: object, path: string, labels: TemplateScope["labels"], reader: Reader): object {
  const shown = Object.create(null);
  for (const column in values) {
    const value: unknown = (values as Record<string, unknown>)[column];
    // Text, the most frequent by far, needs no labels looked up.
    if (typeof value === "string") shown[column] = asMoment(value, reader) ?? value;
    else if (value !== null && value !== undefined) {
      const at = `${path}.${column}`;
      shown[column] = isColumns(value) ? shownColumns(value, at, labels, reader) : show(value, labels[at], reader);
    }
  }
  return shown;
}

/** Columns of an awaited event, of a related row, of a survey: an object that is no reference and no array. */
function isColumns(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isReferenceLike(value);
}

function isReferenceLike(value: object): boolean {
  return "table" in value && "id" in value && "name" in value && Object.keys(value).length === 3;
}

function show(value: unknown, labels: Labels | undefined, reader: Reader): unknown {
  if (Array.isArray(value)) return value.map((part) => show(part, labels, reader));
  if (typeof value === "string") return asMoment(value, reader) ?? value;
  if (typeof value === "number") {
    const label = labels?.[value];
    return label === undefined ? value : new Option(value, label);
  }
  if (isReference(value as FieldValue)) return new Referred(value as Referred);
  return value;
}
