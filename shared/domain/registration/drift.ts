import { type ColumnSet, type Found, type FoundStep, keyOf, sameColumns, type Wanted } from "./registration.ts";

/** One way in which Dataverse differs from what Parcours wants, for people to read. */
export interface Difference {
  /** `Update of incident`, or `endpoint`. */
  readonly at: string;
  readonly difference: string;
  /** Who changed it last and when, as far as Dataverse tells. */
  readonly by: string | null;
  readonly since: string | null;
}

/** What somebody switched off, edited, deleted or added in Dataverse; empty where all is as wanted. */
export function drift(wanted: Wanted, found: Found): readonly Difference[] {
  const differences: Difference[] = endpointDrift(wanted, found);
  const left = new Map<string, FoundStep[]>();
  for (const step of found.steps) left.set(keyOf(step), [...(left.get(keyOf(step)) ?? []), step]);
  for (const step of wanted.steps) {
    const at = placeOf(step);
    const [there, ...doubles] = (left.get(keyOf(step)) ?? []).sort((one, other) => +other.enabled - +one.enabled);
    left.delete(keyOf(step));
    if (there === undefined) {
      differences.push({ at, difference: "is not registered", by: null, since: null });
      continue;
    }
    const say = (difference: string, of: FoundStep = there): void => {
      differences.push({ at, difference, by: of.changed?.by ?? null, since: of.changed?.at ?? null });
    };
    if (step.enabled && !there.enabled) say("is switched off: no change of it arrives");
    if (!step.enabled && there.enabled) say("is switched on, but its trigger is not published yet");
    if (!there.sound) say("does not run asynchronously after the operation: a fault of it would undo what a user did");
    if (!sameColumns(step.columns, there.columns))
      say(`listens to ${listed(there.columns)} instead of ${listed(step.columns)}`);
    for (const kind of ["pre", "post"] as const) {
      const said = imageDrift(kind, step[kind], there);
      if (said !== undefined) say(said);
    }
    if (there.images.some(({ kind }) => kind === null)) say("has an image that Parcours did not make");
    for (const double of doubles) say("is registered twice: each change of it arrives twice", double);
  }
  for (const step of [...left.values()].flat())
    differences.push({
      at: placeOf(step),
      difference: "is registered, but no trigger needs it",
      by: step.changed?.by ?? null,
      since: step.changed?.at ?? null,
    });
  return differences;
}

function endpointDrift({ endpoint }: Wanted, found: Found): Difference[] {
  const say = (difference: string): Difference[] => [{ at: "endpoint", difference, by: null, since: null }];
  const there = found.endpoint;
  if (endpoint === null) return there === null ? [] : say("is registered, but no trigger is published");
  if (there === null) return say("is not registered: no change arrives");
  if (there.url !== endpoint.url) return say(`posts to ${there.url} instead of ${endpoint.url}`);
  return there.keyMark === endpoint.keyMark ? [] : say("has another key than the present one, or was made by hand");
}

function imageDrift(kind: "pre" | "post", wanted: ColumnSet | null, step: FoundStep): string | undefined {
  const name = kind === "pre" ? "pre-image" : "post-image";
  const [image, ...doubles] = step.images.filter((each) => each.kind === kind);
  if (wanted === null) return image === undefined ? undefined : `has a ${name} that no trigger needs`;
  if (image === undefined) return `has no ${name} of ${listed(wanted)}`;
  if (doubles.length > 0) return `has more than one ${name}`;
  if (sameColumns(image.columns, wanted)) return undefined;
  return `has a ${name} of ${listed(image.columns)} instead of ${listed(wanted)}`;
}

function listed(columns: ColumnSet): string {
  return columns === "all" ? "all columns" : columns.join(", ");
}

function placeOf({ table, message }: { readonly table: string | null; readonly message: string }): string {
  return `${message} of ${table ?? "every table"}`;
}
