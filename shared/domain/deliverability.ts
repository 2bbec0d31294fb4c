/** Whether mails will be believed to come from whom they say: what the provider and the domain's DNS say, put together. */

export const PROOFS = ["Domain", "SPF", "DKIM", "DKIM2", "DMARC"] as const;
export type Proof = (typeof PROOFS)[number];

export interface DnsRecord {
  readonly type: string;
  readonly name: string;
  readonly value: string;
}

/** A mail domain as the provider keeps it. */
export interface MailDomainState {
  readonly managed: boolean;
  /** What stands after the @ of senders. */
  readonly domain: string;
  readonly tracking: boolean;
  /** The provider's own word for how far its check of each proof is: `Verified`, `NotStarted` … */
  readonly states: Readonly<Partial<Record<Proof, string>>>;
  /** The records that it wants to find. */
  readonly records: Readonly<Partial<Record<Proof, DnsRecord>>>;
  /** Names before the @, beside `donotreply`, which is always there. */
  readonly senders: readonly string[];
}

/** What DNS holds for a proof; null where it could not be asked. */
export type FoundInDns = Readonly<Partial<Record<Proof, readonly string[] | null>>>;

export interface DeliverabilityCheck {
  readonly what: Proof | "sender" | "engagement";
  /** `waiting`: the record is right, the provider has not looked yet. `off`: a choice, and not a fault. */
  readonly state: "fine" | "wrong" | "waiting" | "off" | "not-measured";
  readonly says: string;
  /** To copy into the domain's zone. */
  readonly record: DnsRecord | null;
  /** What DNS holds there now; null where it was not asked. */
  readonly found: readonly string[] | null;
}

const VERIFIED = "Verified";
const ALWAYS_THERE = "donotreply";

export function checkDeliverability(
  sender: string,
  state: MailDomainState,
  found: FoundInDns,
): readonly DeliverabilityCheck[] {
  const proofs = PROOFS.map((what) => (state.managed ? managedProof(what, state) : proof(what, state, found[what])));
  return [...proofs, senderCheck(sender, state), engagementCheck(state)];
}

/** Nothing to copy: the zone is Azure's own. */
function managedProof(what: Proof, { states }: MailDomainState): DeliverabilityCheck {
  const state = states[what];
  const fine = { what, record: null, found: null };
  if (state === VERIFIED) return { ...fine, state: "fine", says: "verified; Azure keeps the record itself" };
  if (what === "DMARC" || state === undefined)
    return { ...fine, state: "not-measured", says: "Azure keeps the record itself, and says nothing of it" };
  return { ...fine, state: "waiting", says: `Azure keeps the record itself, and says ${state}` };
}

function proof(what: Proof, state: MailDomainState, found: readonly string[] | null | undefined): DeliverabilityCheck {
  const record = state.records[what] ?? (what === "DMARC" ? suggestedDmarc(state.domain) : null);
  const seen = found ?? null;
  const made = { what, record, found: seen };
  // The provider wants no DMARC record, and so never verifies one; receivers do look for it.
  const verified = what !== "DMARC" && state.states[what] === VERIFIED;
  const said = state.states[what] ?? "nothing yet";
  if (record === null)
    return verified
      ? { ...made, state: "fine", says: "verified" }
      : { ...made, state: "not-measured", says: `Azure names no record to set; it says ${said}` };
  if (seen === null)
    return verified
      ? { ...made, state: "fine", says: "verified; DNS was not asked" }
      : { ...made, state: "not-measured", says: `DNS could not be asked; Azure says ${said}` };
  const problem = problemWith(what, record, seen);
  if (problem !== null)
    return { ...made, state: "wrong", says: verified ? `${problem}, though Azure verified it once` : problem };
  if (what === "DMARC") return { ...made, state: "fine", says: policyText(seen) };
  if (verified) return { ...made, state: "fine", says: "verified" };
  return { ...made, state: "waiting", says: `the record is right; have Azure verify it (it says ${said})` };
}

/** What is wrong with what DNS holds; null: nothing. */
function problemWith(what: Proof, record: DnsRecord, found: readonly string[]): string | null {
  switch (what) {
    case "SPF":
      return spfProblem(record, found);
    case "DMARC":
      return found.some(isDmarc) ? null : "there is no record: receivers are told nothing of what to do with forgeries";
    case "Domain":
    case "DKIM":
    case "DKIM2": {
      if (found.some((value) => plain(value) === plain(record.value))) return null;
      return found.length === 0 || what === "Domain" ? "there is no such record" : `it points to ${found.join(", ")}`;
    }
  }
}

/** A domain's one SPF record may name others too; of two, receivers take none. */
function spfProblem(record: DnsRecord, found: readonly string[]): string | null {
  const [spf, ...others] = found.filter((value) => /^v=spf1(\s|$)/i.test(value));
  if (spf === undefined) return "there is no record";
  if (others.length > 0) return "there are several SPF records, and receivers take none then: join them into one";
  const terms = spf.toLowerCase().split(/\s+/);
  const missing = record.value
    .toLowerCase()
    .split(/\s+/)
    .filter((term) => term.startsWith("include:") && !terms.includes(term));
  if (missing.length > 0) return `the record lacks ${missing.join(" ")}`;
  return terms.at(-1) === "-all" ? null : `the record ends with ${terms.at(-1)}, and Azure verifies -all alone`;
}

function isDmarc(value: string): boolean {
  return /^v=DMARC1(;|\s|$)/i.test(value);
}

function policyText(found: readonly string[]): string {
  const policy = /;\s*p=(\w+)/i.exec(found.find(isDmarc) ?? "")?.[1]?.toLowerCase() ?? "none";
  return policy === "none"
    ? "there, with the policy none: forgeries are told of, and let through"
    : `there, with the policy ${policy}`;
}

function suggestedDmarc(domain: string): DnsRecord {
  return { type: "TXT", name: `_dmarc.${domain}`, value: `v=DMARC1; p=none; rua=mailto:postmaster@${domain}` };
}

function senderCheck(sender: string, { domain, managed, senders }: MailDomainState): DeliverabilityCheck {
  const made = { what: "sender", record: null, found: null } as const;
  const [name = "", at = ""] = sender.toLowerCase().split("@");
  if (at !== domain.toLowerCase())
    return { ...made, state: "wrong", says: `mails come from ${sender}, and the domain that sends is ${domain}` };
  if (name === ALWAYS_THERE || senders.some((one) => one.toLowerCase() === name))
    return { ...made, state: "fine", says: `mails come from ${sender}` };
  const why = managed
    ? "a domain that Azure manages takes no other name than donotreply"
    : "add the name to the domain's MailFrom addresses, for which its limits must have been raised";
  return { ...made, state: "wrong", says: `mails come from ${sender}, which the domain does not know: ${why}` };
}

function engagementCheck({ tracking, managed }: MailDomainState): DeliverabilityCheck {
  const made = { what: "engagement", record: null, found: null } as const;
  if (managed)
    return { ...made, state: "off", says: "a domain that Azure manages reports no opens and clicks, whatever is set" };
  return tracking
    ? { ...made, state: "fine", says: "opens and clicks are reported" }
    : { ...made, state: "off", says: "opens and clicks are not reported: no trigger on them fires" };
}

/** Names and texts as DNS compares them: a trailing dot or another case is no difference. */
function plain(value: string): string {
  return value.trim().replace(/\.$/, "").toLowerCase();
}
