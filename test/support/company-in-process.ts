import type { TriggerEvent } from "../../shared/domain/event.ts";
import type { Columns } from "../../shared/domain/value.ts";
import { hash } from "../../shared/stores/hash.ts";
import { answerSurvey } from "../../shared/use-cases/answer-survey.ts";
import { signLink } from "../../shared/use-cases/sign-link.ts";
import type { Document, World } from "./in-process.ts";

export const ANNA = "contact:5c0e1f1a-0000-4000-8000-00000000c001";
export const BEN = "contact:5c0e1f1a-0000-4000-8000-00000000c002";
export const CASE = { table: "incident", id: "5c0e1f1a-0000-4000-8000-00000000d001" };
export const OTHER_CASE = { table: "incident", id: "5c0e1f1a-0000-4000-8000-00000000d002" };
export const ORDER = { table: "salesorder", id: "5c0e1f1a-0000-4000-8000-00000000e001" };
export const POOL = "apology";

/** A survey after a case; who is not satisfied gets a code, and has two weeks to order. */
export const JOURNEY = {
  slug: "after-the-case",
  name: "After the case",
  entry: { trigger: "case-resolved" },
  goals: [{ name: "ordered", trigger: "order-created" }],
  exits: [{ name: "reopened", trigger: "case-reopened" }],
  start: "ask",
  steps: {
    ask: { kind: "survey", survey: "opinion", mail: "invitation", within: "P7D", answered: "judge", unanswered: null },
    judge: {
      kind: "branch",
      arms: [
        {
          name: "dissatisfied",
          when: { kind: "compare", field: "survey.ask.satisfaction", op: "le", value: 2 },
          next: "code",
        },
      ],
      otherwise: "thank",
    },
    code: { kind: "discount", pool: POOL, next: "apologise" },
    apologise: { kind: "email", mail: "apology", next: "time" },
    time: { kind: "wait", duration: "P14D", next: null },
    thank: { kind: "email", mail: "thanks", next: null },
  },
};

/** Publishes what the journey needs, puts its people into the organisation and codes into the pool. */
export async function openCompany(world: World, journeys: readonly Document[] = [JOURNEY]) {
  for (const [slug, table] of [
    ["case-resolved", "incident"],
    ["case-reopened", "incident"],
    ["case-touched", "incident"],
    ["order-created", "salesorder"],
  ] as const)
    await world.publish("triggers", trigger(slug, table));
  await world.publish("mails", mail("invitation", '<a href="{{ survey.link }}">{{ audience.firstname }}</a>'));
  await world.publish("mails", mail("apology", "<p>{{ discount.code }}</p>"));
  await world.publish("mails", mail("thanks", "<p>Thanks</p>"));
  await world.publish("surveys", SURVEY);
  for (const journey of journeys) await world.publish("journeys", journey);
  for (const [n, member] of [ANNA, BEN].entries())
    world.dataverse.put("contact", member.slice("contact:".length), {
      statecode: 0,
      firstname: `Person ${n}`,
      emailaddress1: `person-${n}@example.com`,
    });
  await world.calm.codes.add(POOL, ["CODE-1", "CODE-2", "CODE-3"]);
}

function trigger(slug: string, table: string) {
  const audience = [{ column: "customerid", table: "contact" }];
  return { kind: "record", slug, name: slug, table, audience, created: true, updated: { columns: "any" } };
}

export function mail(slug: string, html: string) {
  const variants = { en: { subject: slug, html } };
  return { slug, name: slug, purpose: "commercial", fallback: "en", variants };
}

const SURVEY = {
  slug: "opinion",
  name: "Opinion",
  questions: [{ kind: "rating", id: "satisfaction", options: [1, 2, 3, 4, 5] }],
  fallback: "en",
  variants: {
    en: {
      title: "Your opinion",
      questions: { satisfaction: { text: "?", options: { 1: "1", 2: "2", 3: "3", 4: "4", 5: "5" } } },
    },
  },
};

/** An event about a record and a person; its id follows from what it says, unless it is given. */
export function event(world: World, trigger: string, what: Partial<TriggerEvent> = {}): TriggerEvent {
  const at = new Date(world.clock.now()).toISOString();
  const record = what.record === undefined ? (trigger === "order-created" ? ORDER : CASE) : what.record;
  const made: TriggerEvent = {
    id: hash(trigger, record?.id ?? "", at),
    trigger,
    change: `change of ${trigger} ${record?.id} ${at}`,
    at,
    received: at,
    record,
    candidates: [],
    member: null,
    run: null,
    step: null,
    before: {},
    after: {},
    changeRef: null,
    by: null,
    depth: 1,
    tag: null,
    message: "update",
    hops: 0,
  };
  return { ...made, ...about(ANNA), ...what };
}

/** The candidates of an event that is about this contact. */
export function about(member: string): Pick<TriggerEvent, "candidates"> {
  const id = member.slice("contact:".length);
  return { candidates: [{ way: "customerid:contact", table: "contact", id }] };
}

/** Posts the answer to a survey, as its reader does. */
export async function answer(world: World, operation: string, satisfaction: number): Promise<Columns> {
  const [key] = world.deps.settings.signingKeys;
  if (key === undefined) throw new Error("no signing key");
  const form = new URLSearchParams({ satisfaction: String(satisfaction) });
  const answered = await answerSurvey(signLink(key, operation), form, world.calm);
  if (answered.kind !== "thanks") throw new Error(`the answer was ${answered.kind}`);
  return { satisfaction };
}
