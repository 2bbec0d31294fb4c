import { exampleRegistrations } from "../domain/registration/example.ts";
import { plan } from "../domain/registration/plan.ts";
import { isGuid } from "../domain/sameness.ts";
import type { Example } from "../stores/examples.ts";
import { hash } from "../stores/hash.ts";
import type { Deps } from "./deps.ts";
import { alone, possible, problemOf, settled } from "./registration.ts";

export type ExampleDeps = Pick<Deps, "clock" | "examples" | "registration">;

/** How long somebody has to do it once in Dynamics. */
const LISTENS_MS = 10 * 60_000;
/** Each lets Dataverse tell everything about a table. */
const MOST_AT_ONCE = 10;

export type Started =
  | { readonly kind: "listening"; readonly example: Example }
  /** Nobody lets Parcours register by itself. */
  | { readonly kind: "off" }
  | { readonly kind: "no-table" }
  | { readonly kind: "no-user" }
  | { readonly kind: "too-many"; readonly most: number };

/**
 * Listens, for ten minutes, to what one user does in one table; the user is named by id, by the name to sign in with, by
 * address or by full name. Asked again for the same, it begins anew.
 * @throws DATAVERSE_UNAVAILABLE, DATAVERSE_FORBIDDEN, DATAVERSE_REFUSED: then nothing listens
 */
export async function startExample(
  asked: { readonly table: string; readonly user: string },
  deps: ExampleDeps & Pick<Deps, "dataverse" | "metadata">,
): Promise<Started> {
  const { clock, examples, metadata } = deps;
  if (!deps.registration.on) return { kind: "off" };
  const { table } = asked;
  if (((await metadata.table(table)) ?? (await metadata.table(table, true))) === undefined) return { kind: "no-table" };
  const user = await userOf(asked.user, deps);
  if (user === undefined) return { kind: "no-user" };
  const listening = await examples.listening();
  const same = listening.filter((one) => one.table === table && one.user === user);
  if (listening.length - same.length >= MOST_AT_ONCE) return { kind: "too-many", most: MOST_AT_ONCE };
  for (const { id } of same) await examples.remove(id);
  const since = clock.now();
  const example: Example = {
    id: hash(table, user, String(since), String(clock.random())),
    ...{ table, user, since, until: since + LISTENS_MS },
  };
  await examples.put(example);
  try {
    await registerExamples(deps);
  } catch (fault) {
    await examples.remove(example.id);
    throw fault;
  }
  return { kind: "listening", example };
}

/** A user of Dataverse by id, by the name that people sign in with, their address or full name: the one that has it. */
async function userOf(named: string, { dataverse }: Pick<Deps, "dataverse">): Promise<string | undefined> {
  if (isGuid(named)) return (await dataverse.read("systemuser", named, ["fullname"])) && named.toLowerCase();
  const names = ["domainname", "internalemailaddress", "fullname"];
  const found = await dataverse.search("systemuser", {
    ...{ text: named, equal: names, containing: [], columns: ["fullname"], most: 2 },
  });
  const [only, another] = found;
  return another === undefined ? only?.id : undefined;
}

/** Ends an example and forgets what was seen. What Dataverse does not take back now, the timer has it take back. */
export async function stopExample(id: string, deps: ExampleDeps): Promise<"stopped" | "pending" | "missing"> {
  if ((await deps.examples.read(id)) === undefined) return "missing";
  await deps.examples.remove(id);
  try {
    await registerExamples(deps);
    return "stopped";
  } catch (fault) {
    if (problemOf(fault) === undefined) throw fault;
    return "pending";
  }
}

/**
 * Ends the examples whose time is over, those of processes that died too, and takes out of Dataverse what no example
 * needs. Dataverse is only asked where something may stand there, or to be `thorough`.
 */
export async function sweepExamples(
  deps: ExampleDeps,
  thorough = false,
): Promise<"nothing" | "listening" | "swept" | "pending"> {
  const { clock, examples } = deps;
  const listening = await examples.listening();
  const over = listening.filter(({ until }) => until <= clock.now());
  for (const { id } of over) await examples.remove(id);
  const listens = over.length < listening.length;
  const mayBeMore = over.length > 0 || thorough || (!listens && (await examples.standing()));
  if (!mayBeMore) return listens ? "listening" : "nothing";
  try {
    await registerExamples(deps);
    return listens ? "listening" : "swept";
  } catch (fault) {
    if (problemOf(fault) === undefined) throw fault;
    return "pending";
  }
}

/** Makes Dataverse tell what the examples that listen need, and nothing else of the kind. */
async function registerExamples(deps: ExampleDeps): Promise<void> {
  const { examples, registration, clock } = deps;
  const { registrar, endpoint } = registration.byExample;
  const wantedNow = async () => {
    const live = (await examples.listening()).filter(({ until }) => until > clock.now());
    return exampleRegistrations(
      live.map(({ table }) => table),
      endpoint,
    );
  };
  const wanted = await wantedNow();
  const found = await registrar.find();
  const done = plan(await possible(wanted, found, registrar), found).length === 0;
  if (done && (found.endpoint !== null || !(await examples.standing()))) return;
  await alone(deps, async (keep) => {
    const stands = await settled(registrar, wantedNow, { begin: () => examples.setStanding(true), keep });
    if (stands.endpoint === null) await examples.setStanding(false);
  });
}
