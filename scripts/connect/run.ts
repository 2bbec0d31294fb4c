import { styleText } from "node:util";
import { organisationOver } from "../../shared/adapters/dataverse/organisation.ts";
import { CONNECTION_TEST, dataverseRegistrar } from "../../shared/adapters/dataverse/registrar.ts";
import { keyMarkOf } from "../../shared/adapters/dataverse/registration-rows.ts";
import { requestsTo } from "../../shared/adapters/dataverse/requests.ts";
import { dataverseToken } from "../../shared/adapters/identity/dataverse-token.ts";
import { systemClock } from "../../shared/adapters/system/clock.ts";
import { neededFor } from "../../shared/domain/needed-privileges.ts";
import { connect } from "../../shared/use-cases/connect.ts";
import type { Finding } from "../../shared/use-cases/finding.ts";
import { type Deployment, deploymentAt } from "./deployment.ts";
import { type ConnectOptions, connectOptions, USAGE } from "./options.ts";
import { webhookKey } from "./webhook-key.ts";

const MARKS: Readonly<Record<Finding["state"], string>> = {
  fine: styleText("green", "✓"),
  changed: styleText("green", "+"),
  wrong: styleText("red", "✗"),
  skipped: styleText("yellow", "–"),
};

/** `npm run connect`. Answers 0 where all is well, 1 where something is wrong, 2 for a wrong command line. */
export async function runConnect(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
  folder = process.cwd(),
): Promise<number> {
  let options: ConnectOptions | "help";
  try {
    options = connectOptions(args);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 2;
  }
  if (options === "help") {
    say(USAGE);
    return 0;
  }
  const deployment = await deploymentAt(folder, options.settingsFile, env, say);
  let wrong = false;
  for await (const finding of findings(options, deployment, env)) {
    wrong ||= finding.state === "wrong";
    say(`${MARKS[finding.state]} ${finding.what}: ${finding.says}`);
    for (const line of finding.todo ?? []) say(`    ${line}`);
  }
  return wrong ? 1 : 0;
}

async function* findings(options: ConnectOptions, deployment: Deployment, env: NodeJS.ProcessEnv) {
  const { environment, webApi, check, tables, writes } = options;
  const { known } = deployment;
  const key = await webhookKey(env, known);
  const url = webhookOf(options, known);
  const local = environment.startsWith("http://");
  const { now, sleep } = systemClock;
  const send = requestsTo({ url: webApi, token: local ? undefined : dataverseToken(environment), now, sleep });
  const text = typeof key === "string" ? key : "";
  const wish = {
    ...{ environment, webApi, check },
    clientId: options.clientId ?? known.PARCOURS_IDENTITY_CLIENT_ID ?? null,
    needed: neededFor(tables, writes),
    endpoint:
      typeof key !== "string"
        ? `not registered: ${key.problem}`
        : url === undefined
          ? "not registered: say with --webhook where Dataverse reaches Parcours"
          : { url, keyMark: keyMarkOf(key) },
  };
  yield* connect(wish, {
    organisation: organisationOver(send),
    registrar: dataverseRegistrar({ send, url: webApi, key: text }),
    tester: dataverseRegistrar({ send, url: webApi, key: text, name: CONNECTION_TEST, keepsJobs: true }),
    settings: deployment,
    clock: systemClock,
  });
}

/** As the app itself finds it: its own address for Dataverse, or that of its pages. */
function webhookOf({ webhook }: ConnectOptions, known: Readonly<Record<string, string>>): string | undefined {
  const pages = known.PARCOURS_URL ?? known.PARCOURS_PUBLIC_URL;
  const derived = pages === undefined ? undefined : `${pages.replace(/\/+$/, "")}/api/dataverse/webhook`;
  return webhook ?? known.PARCOURS_WEBHOOK_URL ?? derived;
}
