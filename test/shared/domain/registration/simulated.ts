import type { Change } from "../../../../shared/domain/change.ts";
import type {
  ColumnSet,
  Found,
  FoundImage,
  FoundStep,
  Operation,
  WantedStep,
} from "../../../../shared/domain/registration/registration.ts";
import type { Columns } from "../../../../shared/domain/value.ts";

/** What is found, with the images that Dataverse has in its cache: those of when the step was last switched on. */
export interface State {
  readonly found: Found;
  readonly cached: ReadonlyMap<string, readonly FoundImage[]>;
}

export function stateOf(found: Found): State {
  return { found, cached: new Map(found.steps.map((step) => [step.id, step.images])) };
}

let made = 0;

/** Dataverse after one operation. */
export function applied(state: State, operation: Operation): State {
  const { found, cached } = state;
  const withSteps = (steps: readonly FoundStep[], refreshed?: string): State => {
    const step = steps.find(({ id }) => id === refreshed);
    return { found: { ...found, steps }, cached: step ? new Map([...cached, [step.id, step.images]]) : cached };
  };
  const edit = (id: string, change: (step: FoundStep) => FoundStep): FoundStep[] =>
    found.steps.map((step) => (step.id === id ? change(step) : step));
  const editImages = (change: (images: readonly FoundImage[]) => FoundImage[]): FoundStep[] =>
    found.steps.map((step) => ({ ...step, images: change(step.images) }));
  switch (operation.kind) {
    case "make-endpoint":
      return { ...state, found: { ...found, endpoint: { id: "endpoint", ...operation.endpoint } } };
    case "mend-endpoint":
      return { ...state, found: { ...found, endpoint: { id: operation.id, ...operation.endpoint } } };
    case "delete-endpoint":
      if (found.steps.length > 0) throw new Error("the endpoint has steps");
      return { ...state, found: { ...found, endpoint: null } };
    case "create-step": {
      if (found.endpoint === null) throw new Error("a step needs its endpoint");
      made += 1;
      const step = foundOf(operation.step, `made-${made}`);
      return withSteps([...found.steps, step], step.id);
    }
    case "filter-step":
      return withSteps(edit(operation.id, (step) => ({ ...step, columns: operation.columns, sound: true })));
    case "enable-step":
      return withSteps(
        edit(operation.id, (step) => ({ ...step, enabled: true })),
        operation.id,
      );
    case "disable-step":
      return withSteps(edit(operation.id, (step) => ({ ...step, enabled: false })));
    case "refresh-step":
      return withSteps(found.steps, operation.id);
    case "delete-step":
      return withSteps(found.steps.filter(({ id }) => id !== operation.id));
    case "create-image": {
      made += 1;
      const image = { id: `image-${made}`, kind: operation.image, columns: operation.columns };
      return withSteps(edit(operation.step, (step) => ({ ...step, images: [...step.images, image] })));
    }
    case "change-image":
      return withSteps(
        editImages((images) =>
          images.map((image) => (image.id === operation.id ? { ...image, columns: operation.columns } : image)),
        ),
      );
    case "delete-image":
      return withSteps(editImages((images) => images.filter(({ id }) => id !== operation.id)));
  }
}

export function foundOf(step: WantedStep, id: string): FoundStep {
  const images = (["pre", "post"] as const).flatMap((kind): FoundImage[] => {
    const columns = step[kind];
    return columns === null ? [] : [{ id: `${id}-${kind}`, kind, columns }];
  });
  const { table, message, columns, enabled } = step;
  return { id, table, message, columns, enabled, sound: true, images };
}

/** The change as Dataverse tells it through each enabled step that listens to it. */
export function delivered(state: State, change: Change): Change[] {
  return state.found.steps
    .filter((step) => step.enabled && hears(step, change))
    .map((step) => told(state, step, change));
}

export function hears(step: Pick<FoundStep, "table" | "message" | "columns">, change: Change): boolean {
  if (step.table !== change.table || step.message.toLowerCase() !== change.message) return false;
  return change.message !== "update" || step.columns === "all" || meets(step.columns, change.written);
}

function meets(columns: readonly string[], written: readonly string[]): boolean {
  return written.some((column) => columns.includes(column));
}

function told(state: State, step: FoundStep, change: Change): Change {
  const images = state.cached.get(step.id) ?? [];
  const of = (kind: "pre" | "post"): ColumnSet | null => images.find((image) => image.kind === kind)?.columns ?? null;
  const before = change.before && only(change.before, of("pre") ?? []);
  const post = of("post");
  const target = change.after && only(change.after, change.written);
  // As the webhook reads it: without a post-image, what was not written is as it was before.
  const after = target && { ...(post === null ? before : only(change.after ?? {}, post)), ...target };
  return { ...change, before, after };
}

function only(columns: Columns, set: ColumnSet): Columns {
  return Object.fromEntries(Object.entries(columns).filter(([name]) => set === "all" || set.includes(name)));
}
