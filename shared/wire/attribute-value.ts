import { isGuid } from "../domain/sameness.ts";
import type { FieldValue, Reference } from "../domain/value.ts";
import { isJsonObject, type JsonObject, Misfit } from "./json-place.ts";

const WCF_DATE = /^\/Date\((-?\d{1,16})([+-]\d{4})?\)\/$/;
const NAMESPACE = "http://schemas.microsoft.com/xrm/2011/Contracts";
const OPTION = `OptionSetValue:${NAMESPACE}`;
const MONEY = `Money:${NAMESPACE}`;
const REFERENCE = `EntityReference:${NAMESPACE}`;
/** Deeper than any column's value; a guard for the stack, since the text comes from outside. */
const DEEPEST = 16;

/** A lower-case GUID. Throws a Misfit where there is none. */
export function guidAt(parent: JsonObject, key: string): string {
  const value = parent[key];
  const text = isJsonObject(value) ? value.__value : value;
  if (typeof text !== "string" || !isGuid(text)) throw new Misfit("expected a GUID", parent, key);
  return text.toLowerCase();
}

export function textAt(parent: JsonObject, key: string): string {
  const value = parent[key];
  if (typeof value !== "string") throw new Misfit("expected text", parent, key);
  return value;
}

/** The list at a key; absent and null are an empty one. */
export function listAt(parent: JsonObject, key: string): readonly unknown[] {
  const value = parent[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Misfit("expected a list", parent, key);
  return value;
}

/** Milliseconds since 1970, and the offset that stands behind them, of `/Date(1506409448000-0700)/`. */
export function wcfDate(text: string): { readonly ms: number; readonly offsetMs: number } | undefined {
  // Most texts are none, so the first characters decide before the expression does.
  if (text.charCodeAt(0) !== 47 || text.charCodeAt(5) !== 40) return undefined;
  const parts = WCF_DATE.exec(text);
  if (parts === null) return undefined;
  const offset = parts[2];
  if (offset === undefined) return { ms: Number(parts[1]), offsetMs: 0 };
  return { ms: Number(parts[1]), offsetMs: (Math.trunc(Number(offset) / 100) * 60 + (Number(offset) % 100)) * 60_000 };
}

/**
 * A column's value as Dataverse's JSON writes it. Choices become their numbers, money its amount, moments ISO 8601 in
 * UTC. A type that we don't know keeps its JSON text: it is not null, and whether it changed can still be told.
 */
export function valueAt(parent: JsonObject | readonly unknown[], key: string | number, depth = 0): FieldValue {
  const value = Array.isArray(parent) ? parent[Number(key)] : (parent as JsonObject)[key];
  if (typeof value === "string") return moment(value, parent, key);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new Misfit("a number out of range", parent, key);
    return value;
  }
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value;
  if (depth > DEEPEST) throw new Misfit("nested too deeply", parent, key);
  if (Array.isArray(value)) return value.map((_, index) => valueAt(value, index, depth + 1));
  return isJsonObject(value) ? typedValue(value, depth) : null;
}

function moment(text: string, parent: object, key: string | number): string {
  const date = wcfDate(text);
  if (date === undefined) return text;
  // The milliseconds are UTC; the offset is for display.
  const instant = new Date(date.ms);
  if (Number.isNaN(instant.getTime())) throw new Misfit("a moment out of range", parent, key);
  return instant.toISOString();
}

function typedValue(value: JsonObject, depth: number): FieldValue {
  const type = value.__type;
  // Compared whole first: this is the one spelling ever seen, and a change holds dozens of them.
  if (type === OPTION || type === MONEY) return numberOrNull(value, "Value");
  if (type === REFERENCE) return reference(value);
  if (typeof type === "string")
    switch (type.slice(0, type.indexOf(":"))) {
      case "OptionSetValue":
      case "Money":
        return numberOrNull(value, "Value");
      case "EntityReference":
        return reference(value);
      case "EntityCollection":
        return listAt(value, "Entities").map((entity) => party(entity, value, depth));
      case "Guid":
        if ("__value" in value) return guidAt(value, "__value");
        break;
      default:
    }
  if ("__value" in value) return valueAt(value, "__value", depth + 1);
  if ("Value" in value) return valueAt(value, "Value", depth + 1);
  if (typeof value.LogicalName === "string" && "Id" in value) return reference(value);
  return JSON.stringify(value);
}

function numberOrNull(parent: JsonObject, key: string): number | null {
  const value = parent[key];
  if (value === null || value === undefined) return null;
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Misfit("expected a number", parent, key);
  return value;
}

function reference(value: JsonObject): Reference {
  return {
    table: textAt(value, "LogicalName"),
    id: guidAt(value, "Id"),
    name: typeof value.Name === "string" ? value.Name : null,
  };
}

/** A party list holds `activityparty` rows: whom it means stands in `partyid`, or only an address in `addressused`. */
function party(entity: unknown, collection: JsonObject, depth: number): FieldValue {
  if (!isJsonObject(entity)) throw new Misfit("expected a list of rows", collection, "Entities");
  let addressed: string | null = null;
  for (const attribute of listAt(entity, "Attributes")) {
    if (!isJsonObject(attribute)) throw new Misfit("expected a list of columns", entity, "Attributes");
    if (attribute.key === "partyid" && attribute.value !== null) return valueAt(attribute, "value", depth + 1);
    if (attribute.key === "addressused" && typeof attribute.value === "string") addressed = attribute.value;
  }
  return { ...reference(entity), name: addressed };
}
