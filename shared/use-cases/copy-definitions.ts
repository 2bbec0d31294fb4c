import type { DefinitionCopy, Restored } from "../stores/definition-copies.ts";
import { definitionCopy, type SentCopy } from "../wire/definition-copies.ts";
import type { Deps } from "./deps.ts";
import { problemOf, register } from "./registration.ts";
import type { Kind } from "./save-definition.ts";

/** What others name comes before what names it. */
const ORDER = ["mails", "surveys", "triggers", "journeys"] as const satisfies readonly Kind[];
const PAGE = 50;

export type Copying = Pick<Deps, "copies" | "gates"> & Pick<Deps, Kind>;
type Copy = { readonly kind: Kind; readonly gate?: string } & DefinitionCopy;

/** A page of all definitions with all that was ever published of them; `next` is where the following one begins, undefined where `after` is none. */
export async function copyDefinitions(
  after: string | undefined,
  deps: Copying,
): Promise<{ readonly definitions: readonly Copy[]; readonly next: string | null } | undefined> {
  const places: { readonly kind: Kind; readonly slug: string }[] = [];
  for (const kind of ORDER) {
    const slugs = (await deps[kind].list()).map(({ slug }) => slug).sort();
    places.push(...slugs.map((slug) => ({ kind, slug })));
  }
  const from = after === undefined ? 0 : places.findIndex((place) => placeName(place) === after) + 1;
  // No place of this list: definitions never go.
  if (after !== undefined && from === 0) return undefined;
  const page = places.slice(from, from + PAGE);
  const definitions = await Promise.all(page.map(({ kind, slug }) => copyOf(kind, slug, deps)));
  const last = page.at(-1);
  return {
    definitions: definitions.flatMap((copy) => copy ?? []),
    next: last === undefined || from + PAGE >= places.length ? null : placeName(last),
  };
}

function placeName({ kind, slug }: { readonly kind: string; readonly slug: string }): string {
  return `${kind}:${slug}`;
}

async function copyOf(kind: Kind, slug: string, deps: Copying): Promise<Copy | undefined> {
  const copy = await deps.copies[kind].copy(slug);
  if (copy === undefined) return undefined;
  const gate = kind === "journeys" ? { gate: (await deps.gates.read(slug)).state } : {};
  return { kind, ...copy, ...gate };
}

export interface Imported {
  readonly definitions: readonly {
    readonly kind: string;
    readonly slug: string;
    readonly outcome: Restored["kind"];
    readonly note: string | null;
  }[];
  readonly pending: string | null;
}

/**
 * Puts definitions back, or into another environment: what is missing is added, nothing is overwritten, and the same
 * once more changes nothing. Published ones are in force at once, as they were.
 */
export async function importDefinitions(copies: readonly SentCopy[], deps: Deps): Promise<Imported> {
  const sorted = [...copies].sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind));
  const definitions: Imported["definitions"][number][] = [];
  for (const copy of sorted) definitions.push(await importOne(copy, deps));
  const changed = definitions.some(({ outcome }) => outcome === "created" || outcome === "completed");
  if (!changed) return { definitions, pending: null };
  await deps.generation.raise();
  return { definitions, pending: await registered(deps) };
}

async function importOne(copy: SentCopy, deps: Deps): Promise<Imported["definitions"][number]> {
  const { kind, line } = copy;
  const said = { kind, slug: line.slug };
  const wrong = mismatch(copy);
  if (wrong !== undefined) return { ...said, outcome: "conflict", note: wrong };
  const restored = await deps.copies[kind].restore(copy as DefinitionCopy, (value, of) => read(kind, value, of));
  if (restored.kind === "created" && copy.gate !== undefined && copy.gate !== "open")
    await deps.gates.change(line.slug, { state: copy.gate });
  return { ...said, outcome: restored.kind, note: noteOf(restored) };
}

/** A copy that was put together by hand may contradict itself. */
function mismatch({ line, draft, revisions }: SentCopy): string | undefined {
  const slugs = [draft?.slug, ...revisions.map(({ value }) => ("journey" in value ? value.journey.slug : value.slug))];
  if (slugs.some((slug) => slug !== undefined && slug !== line.slug)) return "its parts have different slugs";
  const published = line.published ?? 0;
  if (published > 0 && !revisions.some(({ revision }) => revision === published))
    return `revision ${published} is published, and not there`;
  return undefined;
}

/** What stands there, as this build would write it: an older one may have left out what has a default now. */
function read(kind: Kind, value: unknown, of: "draft" | "revision"): unknown {
  const line = { slug: "x", name: "x", published: null, updatedAt: "" };
  const parts = of === "draft" ? { draft: value, revisions: [] } : { draft: null, revisions: [{ revision: 1, value }] };
  const parsed = definitionCopy.safeParse({ kind, line, spans: [], ...parts });
  if (!parsed.success) return value;
  return of === "draft" ? parsed.data.draft : parsed.data.revisions[0]?.value;
}

function noteOf(restored: Restored): string | null {
  if (restored.kind === "conflict")
    return `revision ${restored.revision} says something else here: nothing was changed`;
  return restored.kind === "completed" && restored.draftKept ? "another draft stands here, and stays" : null;
}

/** Dataverse is told of what is published; where it does not answer, the timer goes on. */
async function registered(deps: Deps): Promise<string | null> {
  if (!deps.registration.on) return null;
  try {
    await register(deps);
    return null;
  } catch (fault) {
    const problem = problemOf(fault);
    if (problem === undefined) throw fault;
    return problem;
  }
}
