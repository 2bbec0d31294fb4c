import {
  type ColumnSet,
  covers,
  type Found,
  type FoundImage,
  type FoundStep,
  type ImageKind,
  keyOf,
  type Operation,
  sameColumns,
  union,
  type Wanted,
  type WantedStep,
} from "./registration.ts";

/**
 * What to do in Dataverse so that what is found becomes what is wanted; nothing where it is that already. In an order
 * in which no change falls between, wherever it is cut off: images widen before columns, and narrow after them; what
 * is new stands before what is superfluous goes.
 */
export function plan(wanted: Wanted, found: Found): readonly Operation[] {
  const { kept, superfluous } = matched(wanted, found);
  return [
    ...endpointFirst(wanted, found),
    ...wanted.steps.flatMap((step): Operation[] => {
      const there = kept.get(keyOf(step));
      return there === undefined ? [{ kind: "create-step", step }] : changes(step, there);
    }),
    ...superfluous.flatMap(removal),
    ...endpointLast(wanted, found),
  ];
}

/** The found step of each that is wanted, and those that are too many: one for each table and message is enough. */
function matched(wanted: Wanted, found: Found): { kept: Map<string, FoundStep>; superfluous: FoundStep[] } {
  const keys = new Set(wanted.steps.map(keyOf));
  const kept = new Map<string, FoundStep>();
  const superfluous: FoundStep[] = [];
  // Of several the one that works now stays: nothing is lost while it is changed.
  const rank = (step: FoundStep): number => (step.enabled ? 0 : 2) + (step.sound ? 0 : 1);
  for (const step of [...found.steps].sort((one, other) => rank(one) - rank(other)))
    if (keys.has(keyOf(step)) && !kept.has(keyOf(step))) kept.set(keyOf(step), step);
    else superfluous.push(step);
  return { kept, superfluous };
}

function endpointFirst({ endpoint }: Wanted, found: Found): Operation[] {
  if (endpoint === null) return [];
  const there = found.endpoint;
  if (there === null) return [{ kind: "make-endpoint", endpoint }];
  const right = there.url === endpoint.url && there.keyMark === endpoint.keyMark;
  return right ? [] : [{ kind: "mend-endpoint", id: there.id, endpoint }];
}

/** Dataverse deletes no endpoint that steps use. */
function endpointLast({ endpoint }: Wanted, found: Found): Operation[] {
  return endpoint === null && found.endpoint !== null ? [{ kind: "delete-endpoint", id: found.endpoint.id }] : [];
}

/** Off first: a change that came without the images would be misread. */
function removal({ id, enabled, images }: FoundStep): Operation[] {
  return [
    ...(enabled ? [{ kind: "disable-step", id } as const] : []),
    ...images.map((image) => ({ kind: "delete-image", id: image.id }) as const),
    { kind: "delete-step", id },
  ];
}

function changes(step: WantedStep, found: FoundStep): Operation[] {
  const { id } = found;
  const refresh: Operation = { kind: "refresh-step", id };
  const filter: Operation[] =
    found.sound && sameColumns(step.columns, found.columns) ? [] : [{ kind: "filter-step", id, columns: step.columns }];
  const images = (["pre", "post"] as const).map((kind) => imageChanges(step, found, kind));
  const widened = images.flatMap((image) => image.widened);
  const narrowed = [
    ...images.flatMap((image) => image.narrowed),
    ...found.images.filter((image) => image.kind === null).map(({ id }) => ({ kind: "delete-image", id }) as const),
  ];
  const live = found.enabled && step.enabled;
  const off: Operation[] = found.enabled && !step.enabled ? [{ kind: "disable-step", id }] : [];
  const on: Operation[] = !found.enabled && step.enabled ? [{ kind: "enable-step", id }] : [];
  return [
    ...off,
    ...widened,
    ...(live && widened.length > 0 ? [refresh] : []),
    ...filter,
    ...narrowed,
    ...(live && narrowed.length > 0 ? [refresh] : []),
    ...on,
  ];
}

interface ImageChanges {
  readonly widened: readonly Operation[];
  readonly narrowed: readonly Operation[];
}

function imageChanges(step: WantedStep, found: FoundStep, kind: ImageKind): ImageChanges {
  const wanted = kind === "pre" ? step.pre : step.post;
  const [there, ...doubles] = found.images.filter((image) => image.kind === kind);
  const gone = doubles.map(deleted);
  if (there === undefined) {
    const { message } = step;
    const made: Operation[] =
      wanted === null ? [] : [{ kind: "create-image", step: found.id, message, image: kind, columns: wanted }];
    return { widened: made, narrowed: gone };
  }
  if (wanted === null) return { widened: [], narrowed: [deleted(there), ...gone] };
  const wide = union(there.columns, wanted);
  const widened = covers(there.columns, wanted) ? [] : [changed(there, wide)];
  const narrowed = sameColumns(wide, wanted) ? [] : [changed(there, wanted)];
  return { widened, narrowed: [...narrowed, ...gone] };
}

function deleted({ id }: FoundImage): Operation {
  return { kind: "delete-image", id };
}

function changed({ id }: FoundImage, columns: ColumnSet): Operation {
  return { kind: "change-image", id, columns };
}
