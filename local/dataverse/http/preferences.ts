import type { Annotations } from "../odata/entity-json.ts";

/** What the header `Prefer` asks for. */
export interface Preferences {
  readonly representation: boolean;
  readonly pageSize: number | undefined;
  readonly trackChanges: boolean;
  readonly annotations: Annotations;
  /** For the header `Preference-Applied`. */
  readonly applied: string | undefined;
}

export function preferencesOf(header: string | undefined): Preferences {
  const text = header ?? "";
  const include = /odata\.include-annotations\s*=\s*"?([^";\s]*)"?/i.exec(text)?.[1];
  const pageSize = /odata\.maxpagesize\s*=\s*(\d+)/i.exec(text)?.[1];
  const representation = /return\s*=\s*representation/i.test(text);
  const trackChanges = /odata\.track-changes/i.test(text);
  const applied = [
    ...(representation ? ["return=representation"] : []),
    ...(include ? [`odata.include-annotations="${include}"`] : []),
    ...(pageSize ? [`odata.maxpagesize=${pageSize}`] : []),
    ...(trackChanges ? ["odata.track-changes"] : []),
  ].join(",");
  return {
    representation,
    trackChanges,
    pageSize: pageSize === undefined ? undefined : Math.max(1, Number(pageSize)),
    annotations: include ? matcher(include) : () => false,
    applied: applied || undefined,
  };
}

/** `*`, names, or `Microsoft.Dynamics.CRM.*`; a minus leaves out. */
function matcher(include: string): Annotations {
  const patterns = include.split(",").map((each) => each.trim());
  const excluded = patterns.filter((each) => each.startsWith("-")).map((each) => each.slice(1));
  const matches = (pattern: string, name: string) =>
    pattern === "*" || pattern === name || (pattern.endsWith(".*") && name.startsWith(pattern.slice(0, -1)));
  return (name) =>
    patterns.some((pattern) => matches(pattern, name)) && !excluded.some((pattern) => matches(pattern, name));
}
