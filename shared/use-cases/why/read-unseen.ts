import type { Span } from "../../domain/published-spans.ts";
import type { Found, RegisteredMessage, Wanted } from "../../domain/registration/registration.ts";
import { covers } from "../../domain/registration/registration.ts";
import { instant } from "../../domain/sameness.ts";
import type { RecordTrigger } from "../../domain/trigger.ts";
import { isReference } from "../../domain/value.ts";
import type { Job, RegistrationEvidence, Row, Subject, Unseen } from "../../domain/why/evidence.ts";
import type { DriftSeen } from "../../stores/registrations.ts";
import type { Deps } from "../deps.ts";
import { wantedNow } from "../registration.ts";
import { attempt } from "./attempt.ts";
import type { Elsewhere } from "./find-subject.ts";

type Needs = Pick<Deps, "clock" | "dataverse" | "journeys" | "metadata" | "missed" | "registration" | "triggers">;

export interface TableTrigger {
  readonly trigger: RecordTrigger;
  readonly spans: readonly Span[];
}

const DRIFTS = 50;

/** The row as it is now: when it was saved, and what triggers listen to. Undefined where it can't be asked. */
export async function readRow(
  { table, id }: Pick<Subject, "table" | "id">,
  watched: readonly string[],
  { dataverse, metadata }: Pick<Deps, "dataverse" | "metadata">,
): Promise<Row | "missing" | null> {
  const read = async (): Promise<Row | "missing"> => {
    const there = new Set((await metadata.table(table))?.columns.map(({ column }) => column));
    const columns = ["createdon", "modifiedon", "modifiedby", ...watched].filter((column) => there.has(column));
    const row = (await dataverse.readMany(table, [id], columns)).get(id);
    if (row === undefined) return "missing";
    const { createdon = null, modifiedon = null, modifiedby = null } = row;
    return {
      createdAt: instant(createdon) ?? null,
      modifiedAt: instant(modifiedon) ?? null,
      modifiedBy: isReference(modifiedby) ? modifiedby.id : null,
      values: row,
    };
  };
  return (await attempt(read)) ?? null;
}

/** What can be found out about changes that did not come: asked of Dataverse, a handful of queries. */
export async function readUnseen(
  { table, id }: Subject,
  row: Unseen["row"],
  triggers: readonly TableTrigger[],
  elsewhere: Elsewhere | null,
  deps: Needs,
): Promise<Unseen> {
  const found = await attempt(() => deps.registration.registrar.find());
  const [wanted, drifts] = await Promise.all([wantedNow(deps), deps.registration.store.seen(DRIFTS)]);
  const steps = found?.steps.flatMap((step) => (step.table === table ? [step.id.toLowerCase()] : []));
  const jobs = steps === undefined ? undefined : await attempt(() => deps.missed.about(steps, id));
  return {
    row,
    triggers,
    registrations:
      found === undefined
        ? null
        : registrationsOf(table, wanted, found, drifts, deps.registration.on, deps.clock.now()),
    jobs: jobs?.map((job): Job => ({ ...job, at: Date.parse(job.at) })) ?? null,
    elsewhere,
  };
}

/** What of the registrations keeps changes of a table from coming, now and before. */
function registrationsOf(
  table: string,
  wanted: Wanted,
  found: Found,
  drifts: readonly DriftSeen[],
  ours: boolean,
  now: number,
): RegistrationEvidence {
  type Wrong = RegistrationEvidence["wrong"][number];
  const wrong: Wrong[] = [];
  const say = (what: Wrong["what"], changed?: { readonly by: string | null; readonly at: string | null }): void => {
    const since = changed?.at == null ? Number.NaN : Date.parse(changed.at);
    wrong.push({ what, since: Number.isNaN(since) ? null : since, by: changed?.by ?? null });
  };
  const steps = wanted.steps.filter((step) => step.table === table && step.enabled);
  if (steps.length > 0 && found.endpoint === null) say("endpoint-missing");
  // Who registers by hand may have a key in the address, or a proxy in front.
  else if (ours && found.endpoint !== null && wanted.endpoint !== null && found.endpoint.url !== wanted.endpoint.url)
    say("endpoint-elsewhere");
  for (const step of found.endpoint === null ? [] : steps) {
    const there = found.steps.filter((one) => one.table === table && one.message === step.message);
    const on = there.filter(({ enabled }) => enabled);
    if (there.length === 0) say("step-missing");
    else if (on.length === 0) say("step-off", there[0]?.changed);
    else if (!on.some(({ columns }) => covers(columns, step.columns))) say("columns-missing", on[0]?.changed);
  }
  return { wrong, wrongBefore: periodsOf(table, drifts, now) };
}

const MESSAGES: readonly RegisteredMessage[] = ["Create", "Update", "Delete"];
const STOPS = /switched off|not registered|listens to|posts to/;

/** Times in which a comparison found that changes of the table did not come; each lasts until a later one found better. */
function periodsOf(table: string, drifts: readonly DriftSeen[], now: number): RegistrationEvidence["wrongBefore"] {
  const places = ["endpoint", ...MESSAGES.map((message) => `${message} of ${table}`)];
  return drifts.flatMap(({ at, differences }, n) => {
    const stops = differences.some((one) => places.includes(one.at) && STOPS.test(one.difference));
    return stops ? [{ from: at, to: drifts[n - 1]?.at ?? now }] : [];
  });
}
