import { DEFAULT_LIMITS, durationText, minutesFor, type SendLimits } from "../domain/capacity.ts";
import {
  checkDeliverability,
  type FoundInDns,
  type MailDomainState,
  PROOFS,
  type Proof,
} from "../domain/deliverability.ts";
import type { Dns } from "../ports/dns.ts";
import type { MailDomain } from "../ports/mail-domain.ts";
import type { Deliverability, DeliverabilityAsked } from "../wire/deliverability.ts";

export interface DeliverabilityDeps {
  readonly mailDomain: MailDomain;
  readonly dns: Dns;
  readonly settings: { readonly sender: string };
}

/** Numbers of mails that one meets: a first try, a week's surveys, a campaign. */
const USUAL = [50, 200, 1_000, 10_000];

/** Whether mails will be believed, what to set in DNS, and how many can go out. */
export async function readDeliverability(
  asked: DeliverabilityAsked,
  { mailDomain, dns, settings }: DeliverabilityDeps,
): Promise<Deliverability> {
  const { sender } = settings;
  const state = await mailDomain.read();
  const known = typeof state !== "string";
  const checks = known ? checkDeliverability(sender, state, await inDns(state, dns)) : [];
  return {
    sender,
    domain: known ? { name: state.domain, managedBy: state.managed ? "azure" : "you" } : null,
    notMeasured: known ? null : state,
    checks: checks.map(({ found, ...check }) => ({ ...check, found: found === null ? null : [...found] })),
    capacity: capacityOf(asked, known ? state : null),
  };
}

/** What DNS holds for each proof. Of a domain that Azure manages nobody needs to know. */
async function inDns(state: MailDomainState, dns: Dns): Promise<FoundInDns> {
  if (state.managed) return {};
  const found = await Promise.all(PROOFS.map(async (proof) => [proof, await lookUp(proof, state, dns)] as const));
  return Object.fromEntries(found.filter(([, values]) => values !== undefined));
}

async function lookUp(proof: Proof, { records, domain }: MailDomainState, dns: Dns) {
  const record = records[proof];
  if (record === undefined && proof !== "DMARC") return undefined;
  const names = record === undefined ? dmarcNames(domain) : namesOf(record.name, domain);
  let asked: readonly string[] | null = null;
  for (const name of names) {
    const values = await dns.lookUp(record?.type ?? "TXT", name);
    if (values !== null && values.length > 0) return values;
    asked ??= values;
  }
  return asked;
}

/** Azure names a record within the domain, within its zone, or in full. */
function namesOf(name: string, domain: string): string[] {
  if (name === "@") return [domain];
  if (name === domain || name.endsWith(`.${domain}`)) return [name];
  return [`${name}.${domain}`, ...parents(domain).map((parent) => `${name}.${parent}`)];
}

/** A subdomain without a record of its own goes by that of the domain above it. */
function dmarcNames(domain: string): string[] {
  return [domain, ...parents(domain)].map((name) => `_dmarc.${name}`);
}

function parents(domain: string): string[] {
  const labels = domain.split(".");
  return labels.slice(1, -1).map((_, at) => labels.slice(at + 1).join("."));
}

function capacityOf(asked: DeliverabilityAsked, state: MailDomainState | null): Deliverability["capacity"] {
  const usual: SendLimits = state !== null && !state.managed ? DEFAULT_LIMITS.custom : DEFAULT_LIMITS.managed;
  const limits = { perMinute: asked.perMinute ?? usual.perMinute, perHour: asked.perHour ?? usual.perHour };
  const numbers = asked.mails === undefined ? USUAL : [asked.mails];
  return { ...limits, basis: basisOf(asked, state), takes: numbers.map((mails) => takes(mails, limits)) };
}

function takes(mails: number, limits: SendLimits): Deliverability["capacity"]["takes"][number] {
  const minutes = minutesFor(mails, limits);
  return { mails, minutes, says: `${mails.toLocaleString("en")} mails take ${durationText(minutes)}` };
}

function basisOf({ perMinute, perHour }: DeliverabilityAsked, state: MailDomainState | null): string {
  if (perMinute !== undefined && perHour !== undefined) return "as asked";
  const whose = state === null ? "assumed: not measured here, so " : "";
  const kind = state !== null && !state.managed ? "a domain of one's own" : "a domain that Azure manages";
  return `${whose}what a subscription gets for ${kind} until Microsoft raises it; Azure tells nobody what it is`;
}
