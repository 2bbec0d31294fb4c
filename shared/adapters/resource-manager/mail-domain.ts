import type { TokenCredential } from "@azure/identity";
import { z } from "zod";
import type { DnsRecord, MailDomainState, Proof } from "../../domain/deliverability.ts";
import type { MailDomain } from "../../ports/mail-domain.ts";

/** The version that infra/ deploys the domain with. */
const API_VERSION = "2026-03-18";
const AZURE = "https://management.azure.com";
const TIME_OUT = 10_000;

const record = z.object({ type: z.string(), name: z.string(), value: z.string() });
const ofEachProof = <T extends z.ZodType>(schema: T) =>
  z
    .object({ Domain: schema, SPF: schema, DKIM: schema, DKIM2: schema, DMARC: schema })
    .partial()
    .nullish()
    .catch(undefined);

const domainAnswer = z.object({
  properties: z.object({
    domainManagement: z.string(),
    fromSenderDomain: z.string().nullish(),
    mailFromSenderDomain: z.string().nullish(),
    userEngagementTracking: z.string().nullish(),
    verificationStates: ofEachProof(z.object({ status: z.string() }).nullish()),
    // Of what Azure does not ask for (DMARC) the record is there, and empty.
    verificationRecords: ofEachProof(record.nullish().catch(undefined)),
  }),
});

const sendersAnswer = z.object({ value: z.array(z.object({ properties: z.object({ username: z.string() }) })) });

export interface MailDomainOptions {
  /** `/subscriptions/…/domains/…`; undefined where the deployment has no such domain, as on one's own machine. */
  readonly id: string | undefined;
  readonly credential: () => TokenCredential;
  readonly endpoint?: string;
}

/** The mail domain through Azure Resource Manager. The caller needs the role Reader on it, and no more. */
export function resourceManagerMailDomain({ id, credential, endpoint = AZURE }: MailDomainOptions): MailDomain {
  async function get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const token = await credential().getToken(`${AZURE}/.default`);
    const answer = await fetch(`${endpoint}${path}?api-version=${API_VERSION}`, {
      headers: { authorization: `Bearer ${token?.token}` },
      signal: AbortSignal.timeout(TIME_OUT),
    });
    if (!answer.ok) throw new Error(refusal(answer.status));
    return schema.parse(await answer.json());
  }

  return {
    async read() {
      if (id === undefined) return "not measured here: PARCOURS_MAIL_DOMAIN_ID names no mail domain";
      try {
        const [{ properties }, { value }] = await Promise.all([
          get(id, domainAnswer),
          get(`${id}/senderUsernames`, sendersAnswer),
        ]);
        return stateOf(
          properties,
          value.map((sender) => sender.properties.username),
        );
      } catch (error) {
        return `not measured: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
      }
    },
  };
}

function refusal(status: number): string {
  if (status === 401 || status === 403)
    return "this identity may not read the mail domain: give it the role Reader there";
  if (status === 404) return "there is no such mail domain: PARCOURS_MAIL_DOMAIN_ID names another";
  return `Azure Resource Manager answered ${status}`;
}

function stateOf(properties: z.infer<typeof domainAnswer>["properties"], senders: readonly string[]): MailDomainState {
  const { verificationStates: states, verificationRecords: records } = properties;
  return {
    managed: properties.domainManagement === "AzureManaged",
    domain: properties.mailFromSenderDomain ?? properties.fromSenderDomain ?? "",
    tracking: properties.userEngagementTracking === "Enabled",
    states: known(states, (state) => state?.status),
    records: known<z.infer<typeof record> | null | undefined, DnsRecord>(records, (one) => one ?? undefined),
    senders,
  };
}

/** The proofs of which something is said. */
function known<From, To>(
  of: Readonly<Partial<Record<Proof, From>>> | null | undefined,
  read: (value: From) => To | undefined,
): Partial<Record<Proof, To>> {
  const entries = Object.entries(of ?? {}).flatMap(([proof, value]) => {
    const said = read(value as From);
    return said === undefined ? [] : [[proof, said]];
  });
  return Object.fromEntries(entries);
}
