import type { Attribute, CustomTrigger } from "../trigger.ts";

export type SampleValue = string | number | boolean;

/** What a snippet is made of: one event as an author would send it first. */
export interface Sample {
  /** Where events of the trigger are posted. */
  readonly url: string;
  /** One line: it stands in a comment. */
  readonly title: string;
  /** The trigger's name as parts of identifiers: `OrderShipped`, `order_shipped`. */
  readonly pascal: string;
  readonly snake: string;
  readonly email: string;
  readonly record: { readonly table: string; readonly id: string } | null;
  readonly attributes: readonly SampleAttribute[];
}

export interface SampleAttribute {
  readonly name: string;
  readonly value: SampleValue;
  readonly attribute: Attribute;
  /** One line, or null. */
  readonly description: string | null;
}

/** Replace it: an address that belongs to nobody. */
export const SOMEONE = "someone@example.com";

export function sampleOf(trigger: CustomTrigger, publicUrl: string): Sample {
  const { slug, table } = trigger;
  const words = slug.split("-");
  return {
    url: new URL(`${publicUrl}/api/events/${slug}`).href,
    title: oneLine(trigger.name),
    pascal: words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(""),
    snake: words.join("_"),
    email: SOMEONE,
    record: table === undefined ? null : { table, id: "00000000-0000-4000-8000-000000000000" },
    attributes: trigger.attributes.map((attribute) => ({
      name: attribute.name,
      value: sampleValue(attribute),
      attribute,
      description: attribute.description === undefined ? null : oneLine(attribute.description),
    })),
  };
}

function sampleValue(attribute: Attribute): SampleValue {
  switch (attribute.type) {
    case "text":
      return "text".slice(0, attribute.maxLength);
    case "number":
      return 12.5;
    case "integer":
      return 3;
    case "boolean":
      return true;
    case "date":
      return "2026-03-01";
    case "moment":
      return "2026-03-01T09:00:00Z";
    case "choice":
      return attribute.options[0] ?? "";
  }
}

/** Without what any of the languages takes for the end of a line: the rest of a comment would be code. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}

/** A text in double quotes as TypeScript, JavaScript, C#, Python and JSON all read it. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029]/g, (character) => escaped(character));
}

/** `\u0027` for a single quote: for characters that mean something around the text. */
export function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

export function literal(value: SampleValue): string {
  return typeof value === "string" ? quoted(value) : String(value);
}

/** Lines of `name: value` for each attribute, as JavaScript writes an object. */
export function objectLines({ attributes }: Sample, indent: string): string {
  if (attributes.length === 0) return "{}";
  const lines = attributes.map(({ name, value }) => `${indent}  ${name}: ${literal(value)},`);
  return ["{", ...lines, `${indent}}`].join("\n");
}
