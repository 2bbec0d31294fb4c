import type { Journey, JourneyVersion } from "../domain/journey.ts";
import type { Language, Mail, MailVariant } from "../domain/mail.ts";
import { begunAs } from "../domain/rename-steps.ts";
import type { Outcome, RunState, SuppressedReason } from "../domain/run.ts";
import { withUnsubscribe } from "../domain/unsubscribe-footer.ts";
import type { Columns } from "../domain/value.ts";
import { ParcoursError } from "../errors.ts";
import type { SendAnswer } from "../ports/mailer.ts";
import type { TemplateScope } from "../ports/templates.ts";
import type { Delivery } from "../stores/deliveries.ts";
import { hash, hashUuid } from "../stores/hash.ts";
import { contactPointOf } from "./contact-point.ts";
import type { Deps } from "./deps.ts";
import { languageOf } from "./language.ts";
import { masterOf } from "./resolve-person.ts";
import { sentOutcome, type Wait } from "./settle-send.ts";
import { signLink } from "./sign-link.ts";
import { unsubscribeHeaders, unsubscribeLink } from "./unsubscribe.ts";
import { readMember, readValues } from "./values.ts";

type SendingStep = Extract<Journey["steps"][string], { kind: "email" | "survey" }>;
type Made = { readonly kind: "outcome"; readonly outcome: Outcome } | Wait;

/** The provider's operation id of the send that the run stands before, if it stands before one. */
export function sendOf(state: RunState, journey: Journey): string | undefined {
  if (state.at === null || state.pending?.kind !== "act") return undefined;
  const step = journey.steps[state.at.step];
  if (step?.kind !== "email" && step?.kind !== "survey") return undefined;
  return operationOf(state.run, begunAs(state.at));
}

/** The operation id under which the visit of a step sends, which is its partition in the ledger too. */
export function operationOf(run: string, { step, visit }: ReturnType<typeof begunAs>): string {
  return hashUuid(run, step, String(visit));
}

/**
 * Sends one mail, once: consent, content, reservation, POST, settlement (rule 6). `freed` is the ledger row's ETag as it
 * was before inbox and gate were read: a run that left the step meanwhile shut the row, and no reservation succeeds.
 */
export async function sendMail(
  state: RunState,
  version: JourneyVersion,
  step: SendingStep,
  freed: string | undefined,
  now: number,
  deps: Deps,
): Promise<Made> {
  if (state.at === null) throw new ParcoursError("DEFINITION_INVALID", "a run that ended sends nothing");
  const at = begunAs(state.at);
  const operation = operationOf(state.run, at);
  const mail = await pinnedMail(version, step.mail, deps);
  const { member, person } = await readPerson(state.member, deps);
  const refused = suppression(mail, person, deps.settings.addressColumn);
  if (refused !== undefined) return { kind: "outcome", outcome: { kind: "suppressed", reason: refused } };
  const { language, variant } = chooseVariant(
    mail,
    languageOf(person, deps.settings.languageColumn) ?? version.journey.settings.language,
  );
  const to = String(person[deps.settings.addressColumn]);
  const unsubscribing = mail.purpose === "commercial" ? await commercial(to, operation, deps) : undefined;
  if (unsubscribing === "suppressed")
    return { kind: "outcome", outcome: { kind: "suppressed", reason: "unsubscribed" } };
  const links = {
    ...(step.kind === "survey" ? { survey: surveyLink(operation, deps) } : {}),
    ...(unsubscribing === undefined ? {} : { unsubscribe: unsubscribing }),
  };
  const scope = await scopeOf({ ...state, member }, version, variant, language, links, deps);
  const rendered = await deps.templates.render(variant, scope);
  const content = unsubscribing === undefined ? rendered : withUnsubscribe(rendered, unsubscribing, language);
  const reserved: Delivery = {
    state: "reserved",
    member: state.member,
    run: state.run,
    journey: state.journey,
    step: at.step,
    visit: at.visit,
    mail: { slug: mail.slug, revision: version.mails[step.mail] ?? 0, language },
    to,
    subject: content.subject,
    content: hash(content.subject, content.html, content.text),
    // From now, not from when the activity began: what it read since may have taken long.
    leaseUntil: Math.max(now, deps.clock.now()) + deps.settings.sendLease,
    unansweredSince: null,
    reason: null,
    survey: step.kind === "survey" ? { slug: step.survey, revision: version.surveys[step.survey] ?? 0 } : null,
    record: state.entry.record,
    hops: state.entry.hops,
    ...(member !== state.member && { survivor: true as const }),
  };
  const etag = await deps.deliveries.reserve(operation, reserved, freed);
  // Another activity of this run reserved or shut it since.
  if (etag === undefined) throw new ParcoursError("STALE_WRITE", `send ${operation} was reserved elsewhere`);
  const replyTo = mail.replyTo === undefined ? {} : { replyTo: mail.replyTo };
  const headers = unsubscribing === undefined ? {} : unsubscribeHeaders(unsubscribing);
  const answer = await deps.mailer.send({ from: deps.settings.sender, to, ...replyTo, ...content, headers }, operation);
  return settle(operation, reserved, etag, answer, now, deps);
}

async function settle(
  operation: string,
  reserved: Delivery,
  etag: string,
  answer: SendAnswer,
  now: number,
  deps: Deps,
): Promise<Made> {
  switch (answer.kind) {
    case "accepted":
      await deps.deliveries.settle(operation, { ...reserved, state: "sent" }, etag);
      return { kind: "outcome", outcome: sentOutcome(reserved) };
    case "refused":
      await deps.deliveries.settle(operation, { ...reserved, state: "failed", reason: answer.reason }, etag);
      return { kind: "outcome", outcome: { kind: "failed", reason: answer.reason } };
    case "throttled":
      await deps.deliveries.settle(operation, { ...reserved, state: "freed" }, etag);
      return { kind: "wait", until: now + answer.retryAfterMs, reason: "throttled" };
    case "no-answer":
      return { kind: "wait", until: reserved.leaseUntil, reason: "lease" };
  }
}

async function pinnedMail(version: JourneyVersion, slug: string, deps: Pick<Deps, "mails">): Promise<Mail> {
  const mail = await deps.mails.revision(slug, version.mails[slug] ?? 0);
  if (mail === undefined)
    throw new ParcoursError("DEFINITION_MISSING", `mail ${slug}, revision ${version.mails[slug]}`);
  return mail;
}

const CONSENT = ["donotemail", "donotbulkemail"];
/** More hops than this are a loop in somebody's data. */
const LONGEST_CHAIN = 5;

/** The person now: one that was merged meanwhile is the one that survived. */
async function readPerson(
  member: string,
  deps: Pick<Deps, "dataverse" | "settings">,
): Promise<{ member: string; person: Columns }> {
  const { addressColumn, languageColumn } = deps.settings;
  const columns = ["statecode", ...CONSENT, addressColumn, ...(languageColumn === null ? [] : [languageColumn])];
  let current = member;
  for (let hop = 0; ; hop += 1) {
    const merges = current.startsWith("contact:") ? ["merged", "masterid"] : [];
    const person = await readMember(current, [...columns, ...merges], deps);
    const master = masterOf(person);
    if (master === undefined || hop >= LONGEST_CHAIN) return { member: current, person };
    current = `contact:${master}`;
  }
}

/** Why this person gets no such mail, read just before the send. Dataverse's columns say what is *not* allowed. */
function suppression(mail: Mail, person: Columns, addressColumn: string): SuppressedReason | undefined {
  if (Object.keys(person).length === 0) return "person-missing";
  if (typeof person.statecode === "number" && person.statecode !== 0) return "inactive";
  const address = person[addressColumn];
  if (typeof address !== "string" || address.trim() === "") return "no-address";
  const forbidden = mail.purpose === "commercial" && CONSENT.some((column) => person[column] === true);
  return forbidden ? "no-consent" : undefined;
}

function chooseVariant(mail: Mail, wanted: Language): { language: Language; variant: MailVariant } {
  const language = mail.variants[wanted] === undefined ? mail.fallback : wanted;
  const variant = mail.variants[language];
  if (variant === undefined)
    throw new ParcoursError("DEFINITION_INVALID", `mail ${mail.slug} has no variant ${language}`);
  return { language, variant };
}

/** Where the reader of a commercial mail unsubscribes, unless somebody at this address did so before. */
async function commercial(to: string, operation: string, deps: Deps): Promise<string | "suppressed"> {
  const address = await contactPointOf(to, deps);
  const suppressed = (await deps.contactPoints.suppression(address)) !== undefined;
  return suppressed ? "suppressed" : unsubscribeLink(operation, address, deps);
}

function surveyLink(operation: string, deps: Pick<Deps, "settings">): string {
  const key = deps.settings.signingKeys[0];
  if (key === undefined) throw new ParcoursError("CONFIG_INVALID", "no signing key is set");
  return `${deps.settings.publicUrl}/survey/${signLink(key, operation)}`;
}

async function scopeOf(
  state: RunState,
  version: JourneyVersion,
  variant: MailVariant,
  language: Language,
  links: { readonly survey?: string; readonly unsubscribe?: string },
  deps: Deps,
): Promise<TemplateScope> {
  const named = deps.templates.fields(variant);
  if (named.kind === "wrong") throw new ParcoursError("TEMPLATE_FAILED", named.problem);
  const values = await readValues(named.fields, state, deps);
  const awaited = Object.fromEntries(Object.entries(values.awaited).map(([step, event]) => [step, event.after]));
  const codes = Object.entries(state.codes).map(([step, code]) => [step, { code }] as const);
  const latest = codes.at(-1)?.[1];
  return {
    event: { ...values.event, ...awaited },
    before: values.before,
    record: values.record,
    audience: values.audience,
    related: values.related,
    survey: { ...state.surveys, ...(links.survey === undefined ? {} : { link: links.survey }) },
    unsubscribe: links.unsubscribe === undefined ? {} : { link: links.unsubscribe },
    discount: { ...Object.fromEntries(codes), ...latest },
    labels: await labelsFor(state, language, deps),
    language,
    timeZone: version.journey.settings.timeZone,
  };
}

/** Words for option values by `<scope>.<column>`: the record's table serves three scopes, the person's one. */
async function labelsFor(
  state: RunState,
  language: Language,
  deps: Pick<Deps, "dataverse">,
): Promise<TemplateScope["labels"]> {
  const labels: Record<string, Readonly<Record<string, string>>> = {};
  const add = async (table: string, scopes: readonly string[]): Promise<void> => {
    for (const [column, options] of Object.entries(await deps.dataverse.labels(table, language)))
      for (const scope of scopes) labels[`${scope}.${column}`] = options;
  };
  if (state.entry.record !== null) await add(state.entry.record.table, ["event", "before", "record"]);
  await add(state.member.split(":")[0] ?? "contact", ["audience"]);
  return labels;
}
