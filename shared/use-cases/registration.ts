import { plan } from "../domain/registration/plan.ts";
import type { Found, Wanted } from "../domain/registration/registration.ts";
import { existing, prepared, wantedRegistrations } from "../domain/registration/wanted.ts";
import type { RecordTrigger } from "../domain/trigger.ts";
import { ParcoursError } from "../errors.ts";
import type { Registrar } from "../ports/registrar.ts";
import { hash } from "../stores/hash.ts";
import type { Intent, KnownIntent } from "../stores/registrations.ts";
import { publishedTriggers, usedColumns } from "./catalogue.ts";
import type { Deps } from "./deps.ts";

export type RegistrationDeps = Pick<Deps, "clock" | "journeys" | "registration" | "triggers">;

/** An intent that is older belongs to somebody who is gone. */
const INTENT_LIFETIME = 10 * 60_000;
const LEASE = 60_000;
const LEASE_WAIT = 50;
const ARRIVAL_WAIT = 250;
const MOST_ASKED = 120;
/** Each round finds anew: more than one only where somebody else changes the same at the same moment. */
const MOST_ROUNDS = 4;

/** What Dataverse should tell now, with what is about to be published or stopped. */
export async function wantedNow(deps: RegistrationDeps): Promise<Wanted> {
  const { endpoint, store } = deps.registration;
  const intents = (await store.intents()).filter((known) => !isOver(known, deps));
  const published = (await publishedTriggers(deps.triggers)).filter((trigger) => trigger.kind === "record");
  const uses = await usedColumns(deps.journeys);
  const coming = new Map([...uses].map(([trigger, names]) => [trigger, new Set(names)]));
  const stopping = new Set<string>();
  const triggers: RecordTrigger[] = [...published];
  for (const { intent } of intents)
    switch (intent.kind) {
      case "publish":
        triggers.push(intent.trigger);
        break;
      case "stop":
        stopping.add(intent.trigger);
        break;
      case "use":
        for (const [trigger, names] of Object.entries(intent.columns))
          coming.set(trigger, new Set([...(coming.get(trigger) ?? []), ...names]));
    }
  const live = published.filter((trigger) => !stopping.has(trigger.slug));
  return prepared(wantedRegistrations(live, uses, endpoint), wantedRegistrations(triggers, coming, endpoint));
}

/**
 * Makes Dataverse's registrations what is wanted now; one process at a time, whoever asks. With `unlessRegistered`
 * Dataverse is not asked where the same was registered before. Answers whether it was asked.
 * @throws DATAVERSE_UNAVAILABLE, DATAVERSE_FORBIDDEN, DATAVERSE_REFUSED
 */
export async function register(deps: RegistrationDeps, unlessRegistered = false): Promise<boolean> {
  const { store, registrar } = deps.registration;
  if (unlessRegistered && (await store.registered()) === markOf(await wantedNow(deps))) return false;
  await alone(deps, async (keep) => {
    const begin = () => store.setRegistered(undefined);
    const wanted = await settled(registrar, () => wantedNow(deps), { begin, keep });
    await store.setRegistered(markOf(wanted));
  });
  return true;
}

/**
 * Until what is found is what is wanted; answers what was. `begin` comes before a round that changes something, `keep`
 * before each change.
 */
export async function settled(
  registrar: Registrar,
  wantedNow: () => Promise<Wanted>,
  { begin, keep }: { readonly begin: () => Promise<void>; readonly keep: () => Promise<void> },
): Promise<Wanted> {
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const wanted = await wantedNow();
    const found = await registrar.find();
    const operations = plan(await possible(wanted, found, registrar), found);
    if (operations.length === 0) return wanted;
    await begin();
    for (const operation of operations) {
      await keep();
      await registrar.apply(operation);
    }
  }
  throw new ParcoursError("DATAVERSE_UNAVAILABLE", "somebody else changes Parcours's registrations all the time");
}

/**
 * Until the changes that were made before now have come, for half a minute at most: where Dataverse is further behind,
 * or does not let us look at its system jobs, it goes on without.
 */
export async function arrived({ clock, registration }: RegistrationDeps): Promise<void> {
  // Dataverse keeps whole seconds.
  const before = Math.ceil((clock.now() + 1) / 1000) * 1000;
  try {
    for (let asked = 0; asked < MOST_ASKED; asked += 1) {
      if (!(await registration.registrar.underWay(before))) return;
      await clock.sleep(ARRIVAL_WAIT);
    }
  } catch (fault) {
    if (problemOf(fault) === undefined) throw fault;
  }
}

/** Removes intents of processes that are gone. */
export async function forgetOldIntents(deps: RegistrationDeps): Promise<void> {
  const { store } = deps.registration;
  for (const known of await store.intents()) if (isOver(known, deps)) await store.forget(known.id);
}

export function markOf(wanted: Wanted): string {
  return hash(JSON.stringify(wanted));
}

/** What of the wanted the organisation has: it is asked only where something seems to be missing. */
export async function possible(wanted: Wanted, found: Found, registrar: Registrar): Promise<Wanted> {
  if (plan(wanted, found).length === 0) return wanted;
  const known = await knownColumns(wanted, registrar);
  return existing(wanted, (table) => known.get(table));
}

/** Tables, and columns as `table.column`, that triggers name and the organisation no longer has. */
export async function goneFrom(wanted: Wanted, registrar: Registrar): Promise<string[]> {
  const known = await knownColumns(wanted, registrar);
  const gone = new Set<string>();
  for (const { table, columns, pre, post } of wanted.steps) {
    const there = known.get(table);
    if (there === undefined) gone.add(table);
    else
      for (const set of [columns, pre, post])
        if (set !== null && set !== "all")
          for (const column of set) if (!there.has(column)) gone.add(`${table}.${column}`);
  }
  return [...gone].sort();
}

async function knownColumns(
  wanted: Wanted,
  registrar: Registrar,
): Promise<ReadonlyMap<string, ReadonlySet<string> | undefined>> {
  const tables = [...new Set(wanted.steps.map((step) => step.table))];
  return new Map(await Promise.all(tables.map(async (table) => [table, await registrar.columns(table)] as const)));
}

/** Tells every other process what is coming, until `forget` with the id that this answers. */
export async function intend(intent: Intent, deps: RegistrationDeps): Promise<string> {
  const id = ownId(deps);
  await deps.registration.store.intend(id, intent, deps.clock.now());
  return id;
}

/** A fault of Dataverse's as a sentence for people; undefined for any other fault. */
export function problemOf(fault: unknown): string | undefined {
  return fault instanceof ParcoursError && fault.code.startsWith("DATAVERSE_") ? fault.message : undefined;
}

/** One process at a time changes registrations; `keep` is asked before each change. */
export async function alone(
  deps: Pick<Deps, "clock" | "registration">,
  work: (keep: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const { store } = deps.registration;
  const { clock } = deps;
  const owner = ownId(deps);
  const lease = (): Promise<boolean> => store.lease(owner, clock.now(), clock.now() + LEASE);
  while (!(await lease())) await clock.sleep(LEASE_WAIT);
  try {
    await work(async () => {
      if (!(await lease())) throw new ParcoursError("DATAVERSE_UNAVAILABLE", "Dataverse was too slow: try again");
    });
  } finally {
    await store.release(owner);
  }
}

function ownId({ clock }: Pick<Deps, "clock">): string {
  return hash(String(clock.now()), String(clock.random()));
}

function isOver({ at }: KnownIntent, { clock }: Pick<Deps, "clock">): boolean {
  return clock.now() - at > INTENT_LIFETIME;
}
