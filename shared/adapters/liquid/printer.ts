import { Markup, Shown } from "./shown-values.ts";

/** What a template makes: HTML, where values are escaped, or text, where they are not. */
export type Printed = "html" | "text";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const SPECIAL = /[&<>"']/;

export function escapeHtml(text: string): string {
  // Most values need nothing; asking first is several times faster than replacing.
  return SPECIAL.test(text) ? text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character) : text;
}

/** How a value stands in the part: nothing for null, several values with commas between, markup as it is. */
export function printer(printed: Printed): (value: unknown) => string {
  const safe = printed === "html" ? escapeHtml : (text: string) => text;
  const print = (value: unknown): string => {
    if (typeof value === "string") return safe(value);
    if (value === null || value === undefined) return "";
    if (typeof value !== "object") return String(value);
    if (value instanceof Shown) return safe(value.toString());
    if (value instanceof Markup) return value.toString();
    if (Array.isArray(value)) return value.map(print).join(", ");
    // A group of columns has no words of its own.
    return Object.getPrototypeOf(value) === null ? "" : safe(String(value));
  };
  return print;
}
