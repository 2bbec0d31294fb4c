import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";

export const FOLDER = "test/fixtures/infra";

/** The parameter sets that templates are built and resolved for, by name. */
export const SETS: readonly string[] = globSync(`${FOLDER}/*.bicepparam`)
  .map((file) => basename(file, ".bicepparam"))
  .sort();

/** A resource as a deployment would make it; what only Azure knows stays an expression in brackets. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly properties?: Record<string, unknown>;
  readonly sku?: Record<string, unknown>;
  readonly kind?: string;
  readonly identity?: { readonly type: string };
  readonly tags?: Record<string, string>;
}

export interface Snapshot {
  readonly predictedResources: readonly Resource[];
  readonly diagnostics: readonly unknown[];
  readonly outputs: Record<string, unknown>;
}

/** The checked-in snapshot of a set. That it is what the templates make today, bicep.test.ts sees to. */
export function snapshotOf(set: string): Snapshot {
  return JSON.parse(readFileSync(`${FOLDER}/${set}.snapshot.json`, "utf8")) as Snapshot;
}

export function resourcesOf(set: string, type: string): readonly Resource[] {
  return snapshotOf(set).predictedResources.filter((one) => one.type === type);
}

/** Every object within a value, itself included. */
export function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== "object" || value === null) return [];
  const within = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? within : [value as Record<string, unknown>, ...within];
}

/** What stands under a path of names; undefined where it ends early. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const name of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = (here as Record<string, unknown>)[name];
  }
  return here;
}
