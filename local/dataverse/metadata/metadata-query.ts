import { noProperty } from "../errors.ts";
import type { Json } from "../odata/entity-json.ts";
import { holdsFor } from "../odata/filter-objects.ts";
import type { Expand, QueryOptions } from "../odata/options.ts";

/** A metadata object before `$select`: its properties, and what may be expanded, made when asked for. */
export interface MetadataObject {
  readonly type: string;
  readonly json: Json;
  readonly expandable: Readonly<Record<string, () => readonly MetadataObject[] | Json | null>>;
}

/** `$filter`, `$select` and `$expand` over metadata, which comes whole: no pages, no order. */
export function selectMetadata(objects: readonly MetadataObject[], options: QueryOptions): Json[] {
  const { filter, top } = options;
  const found = filter ? objects.filter(({ json }) => holdsFor(filter, json)) : objects;
  return found.slice(0, top ?? found.length).map((object) => shape(object, options));
}

export function shape({ type, json, expandable }: MetadataObject, { select, expand }: QueryOptions): Json {
  const shaped: Json = select ? {} : { ...json };
  if (select) {
    if (json["@odata.type"] !== undefined) shaped["@odata.type"] = json["@odata.type"];
    for (const name of select) {
      if (!(name in json)) throw noProperty(name, type);
      shaped[name] = json[name];
    }
    shaped.MetadataId = json.MetadataId;
  }
  for (const each of expand ?? []) shaped[each.name] = expanded(type, expandable, each);
  return shaped;
}

function expanded(type: string, expandable: MetadataObject["expandable"], { name, options }: Expand): unknown {
  const value = expandable[name]?.();
  if (value === undefined) throw noProperty(name, type);
  if (value === null) return null;
  if (Array.isArray(value)) return selectMetadata(value, options);
  const json = value as Json;
  if (!options.select) return json;
  return Object.fromEntries([...options.select, "MetadataId"].map((each) => [each, json[each]]));
}
