import { parseArgs } from "node:util";
import { DefaultAzureCredential } from "@azure/identity";
import { resourceManagerMailDomain } from "../../shared/adapters/resource-manager/mail-domain.ts";
import { publicDns } from "../../shared/adapters/system/dns.ts";
import type { Dns } from "../../shared/ports/dns.ts";
import type { MailDomain } from "../../shared/ports/mail-domain.ts";
import { readDeliverability } from "../../shared/use-cases/read-deliverability.ts";
import { type Deliverability, deliverabilityAsked } from "../../shared/wire/deliverability.ts";
import { deploymentAt } from "../connect/deployment.ts";

export const USAGE = `npm run deliverability -- [options]

  --mails N            says how long so many mails take
  --per-minute N       limits that Microsoft raised for you; what a new subscription gets
  --per-hour N         if absent
  --sender ADDRESS     whom mails come from (default: as deployed)
  --domain-id ID       resource id of the mail domain (default: that of the azd environment)
  --json               as data`;

const MARKS: Readonly<Record<Deliverability["checks"][number]["state"], string>> = {
  fine: "✓",
  wrong: "✗",
  waiting: "…",
  off: "–",
  "not-measured": "?",
};

/** What is outside: tests bring their own. */
export interface Outside {
  mailDomain(id: string | undefined): MailDomain;
  readonly dns: Dns;
}

const AZURE: Outside = {
  mailDomain: (id) => resourceManagerMailDomain({ id, credential: () => new DefaultAzureCredential() }),
  dns: publicDns(),
};

/** Answers 0, 1 where something is wrong, 2 for a wrong command line. */
export async function runDeliverability(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
  folder = process.cwd(),
  outside: Outside = AZURE,
): Promise<number> {
  const options = optionsIn(args);
  if (typeof options === "string") {
    say(options);
    return options === USAGE ? 0 : 2;
  }
  const { known } = await deploymentAt(folder, undefined, env, say);
  const mailDomain = outside.mailDomain(options.domainId ?? domainIdOf(known));
  const state = await mailDomain.read();
  const sender = options.sender ?? senderOf(known) ?? `donotreply@${typeof state === "string" ? "" : state.domain}`;
  const found = await readDeliverability(options.asked, {
    mailDomain: { read: async () => state },
    dns: outside.dns,
    settings: { sender },
  });
  if (options.json) say(JSON.stringify(found, null, 2));
  else for (const line of lines(found)) say(line);
  return found.checks.some((check) => check.state === "wrong") ? 1 : 0;
}

function optionsIn(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        mails: { type: "string" },
        "per-minute": { type: "string" },
        "per-hour": { type: "string" },
        sender: { type: "string" },
        "domain-id": { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return USAGE;
    const { mails, "per-minute": perMinute, "per-hour": perHour } = values;
    const asked = deliverabilityAsked.safeParse({ mails, perMinute, perHour });
    if (!asked.success) return "--mails, --per-minute and --per-hour take whole numbers.";
    return { asked: asked.data, sender: values.sender, domainId: values["domain-id"], json: values.json };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function domainIdOf(known: Readonly<Record<string, string>>): string | undefined {
  const { PARCOURS_MAIL_DOMAIN_ID: given, AZURE_SUBSCRIPTION_ID: subscription, AZURE_RESOURCE_GROUP: group } = known;
  const { AZURE_EMAIL_SERVICE: service, AZURE_EMAIL_DOMAIN: domain } = known;
  if (given !== undefined) return given;
  if (subscription === undefined || group === undefined || service === undefined || domain === undefined)
    return undefined;
  const place = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Communication`;
  return `${place}/emailServices/${service}/domains/${domain}`;
}

function senderOf(known: Readonly<Record<string, string>>): string | undefined {
  if (known.PARCOURS_SENDER !== undefined) return known.PARCOURS_SENDER;
  const { MAIL_DOMAIN: domain, MAIL_SENDER_NAME: name = "donotreply" } = known;
  return domain === undefined ? undefined : `${name}@${domain}`;
}

function lines({ domain, notMeasured, checks, capacity }: Deliverability): string[] {
  const told = [domain === null ? `? domain: ${notMeasured}` : `domain ${domain.name}, managed by ${domain.managedBy}`];
  for (const { what, state, says, record, found } of checks) {
    told.push(`${MARKS[state]} ${what}: ${says}`);
    if (record !== null && state !== "fine") told.push(`    set  ${record.type}  ${record.name}  ${record.value}`);
    if (state === "wrong" && found !== null && found.length > 0) told.push(`    now  ${found.join("  |  ")}`);
  }
  const { perMinute, perHour, basis, takes } = capacity;
  told.push(`capacity: ${perMinute} a minute, ${perHour} an hour (${basis})`);
  return [...told, ...takes.map((one) => `    ${one.says}`)];
}
