import { isGuid } from "../domain/sameness.ts";
import type { FieldValue, Reference } from "../domain/value.ts";
import { isoMoment } from "./iso-moment.ts";
import { isJsonObject, type JsonObject, Misfit } from "./json-place.ts";

const NAMESPACE = "http://schemas.microsoft.com/xrm/2011/Contracts";
const OPTION = `OptionSetValue:${NAMESPACE}`;
const MONEY = `Money:${NAMESPACE}`;
const REFERENCE = `EntityReference:${NAMESPACE}`;
/** Deeper than any column's value; a guard for the stack, since the text comes from outside. */
const DEEPEST = 16;

/**
 * A lower-case GUID. Throws a Misfit where there is none. Takes the value beside its place, as all readers here do:
 * a property read by its written name is several times as fast as one read by a name in a variable.
 */
export function guidIn(value: unknown, parent: object, key: string): string {
  const text = isJsonObject(value) ? value.__value : value;
  if (typeof text !== "string" || !isGuid(text)) throw new Misfit("expected a GUID", parent, key);
  return text.toLowerCase();
}

export function textIn(value: unknown, parent: object, key: string): string {
  if (typeof value !== "string") throw new Misfit("expected text", parent, key);
  return value;
}

/** The list there; absent and null are an empty one. */
export function listIn(value: unknown, parent: object, key: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Misfit("expected a list", parent, key);
  return value;
}

/**
 * Milliseconds since 1970, and the offset that stands behind them, of `/Date(1506409448000-0700)/`. Digit by digit:
 * each text column passes here, and an expression with its groups costs more than all the rest of a value.
 */
export function wcfDate(text: string): { readonly ms: number; readonly offsetMs: number } | undefined {
  if (text.charCodeAt(0) !== 47 || text.charCodeAt(5) !== 40 || !text.startsWith("/Date(") || !text.endsWith(")/"))
    return undefined;
  const end = text.length - 2;
  const sign = text.charCodeAt(end - 5);
  const hasOffset = end >= 12 && (sign === 43 || sign === 45);
  const negative = text.charCodeAt(6) === 45;
  const ms = digits(text, negative ? 7 : 6, hasOffset ? end - 5 : end);
  const offset = hasOffset ? digits(text, end - 4, end) : 0;
  if (ms === undefined || offset === undefined) return undefined;
  const offsetMs = (Math.trunc(offset / 100) * 60 + (offset % 100)) * 60_000;
  return { ms: negative ? -ms : ms, offsetMs: hasOffset && sign === 45 ? -offsetMs : offsetMs };
}

function digits(text: string, from: number, until: number): number | undefined {
  if (from >= until || until - from > 16) return undefined;
  let number = 0;
  for (let index = from; index < until; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number;
}

/**
 * A column's value as Dataverse's JSON writes it. Choices become their numbers, money its amount, moments ISO 8601 in
 * UTC. A type that we don't know keeps its JSON text: it is not null, and whether it changed can still be told.
 */
export function columnValueIn(value: unknown, parent: object, key: string | number, depth = 0): FieldValue {
  if (typeof value === "string") return moment(value, parent, key);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new Misfit("a number out of range", parent, key);
    return value;
  }
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value;
  if (depth > DEEPEST) throw new Misfit("nested too deeply", parent, key);
  if (Array.isArray(value)) return value.map((one, index) => columnValueIn(one, value, index, depth + 1));
  return isJsonObject(value) ? typedValue(value, depth) : null;
}

function moment(text: string, parent: object, key: string | number): string {
  const date = wcfDate(text);
  if (date === undefined) return text;
  // The milliseconds are UTC; the offset is for display.
  const iso = isoMoment(date.ms);
  if (iso === undefined) throw new Misfit("a moment out of range", parent, key);
  return iso;
}

function typedValue(value: JsonObject, depth: number): FieldValue {
  const type = value.__type;
  // Compared whole first: this is the one spelling ever seen, and a change holds dozens of them.
  if (type === OPTION || type === MONEY) return numberOrNull(value.Value, value, "Value");
  if (type === REFERENCE) return reference(value);
  if (typeof type === "string")
    switch (type.slice(0, type.indexOf(":"))) {
      case "OptionSetValue":
      case "Money":
        return numberOrNull(value.Value, value, "Value");
      case "EntityReference":
        return reference(value);
      case "EntityCollection":
        return listIn(value.Entities, value, "Entities").map((entity) => party(entity, value, depth));
      case "Guid":
        if ("__value" in value) return guidIn(value.__value, value, "__value");
        break;
      default:
    }
  if ("__value" in value) return columnValueIn(value.__value, value, "__value", depth + 1);
  if ("Value" in value) return columnValueIn(value.Value, value, "Value", depth + 1);
  if (typeof value.LogicalName === "string" && "Id" in value) return reference(value);
  return JSON.stringify(value);
}

function numberOrNull(value: unknown, parent: object, key: string): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Misfit("expected a number", parent, key);
  return value;
}

function reference(value: JsonObject): Reference {
  return {
    table: textIn(value.LogicalName, value, "LogicalName"),
    id: guidIn(value.Id, value, "Id"),
    name: typeof value.Name === "string" ? value.Name : null,
  };
}

/** A party list holds `activityparty` rows: whom it means stands in `partyid`, or only an address in `addressused`. */
function party(entity: unknown, collection: JsonObject, depth: number): FieldValue {
  if (!isJsonObject(entity)) throw new Misfit("expected a list of rows", collection, "Entities");
  let addressed: string | null = null;
  for (const attribute of listIn(entity.Attributes, entity, "Attributes")) {
    if (!isJsonObject(attribute)) throw new Misfit("expected a list of columns", entity, "Attributes");
    if (attribute.key === "partyid" && attribute.value !== null)
      return columnValueIn(attribute.value, attribute, "value", depth + 1);
    if (attribute.key === "addressused" && typeof attribute.value === "string") addressed = attribute.value;
  }
  return { ...reference(entity), name: addressed };
}
