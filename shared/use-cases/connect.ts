import { checkPrivileges, type Lack, type Needed, USEFUL } from "../domain/needed-privileges.ts";
import { plan } from "../domain/registration/plan.ts";
import type { Endpoint } from "../domain/registration/registration.ts";
import { ParcoursError } from "../errors.ts";
import type { DeploymentSettings } from "../ports/deployment-settings.ts";
import type { Organisation, OrganisationUser } from "../ports/organisation.ts";
import type { Registrar } from "../ports/registrar.ts";
import type { Finding } from "./finding.ts";
import { sendTestChange, type TestChangeDeps } from "./send-test-change.ts";

export interface ConnectDeps extends TestChangeDeps {
  /** Of Parcours's own endpoint. */
  readonly registrar: Registrar;
  readonly settings: DeploymentSettings;
}

export interface ConnectWish {
  /** `https://org.crm4.dynamics.com`, and the root of its Web API. */
  readonly environment: string;
  readonly webApi: string;
  /** Of the app's identity; null: whoever asks is the user. */
  readonly clientId: string | null;
  readonly needed: readonly Needed[];
  /** A text: why the webhook is not known here. */
  readonly endpoint: Endpoint | string;
  /** Only looks. */
  readonly check: boolean;
}

/**
 * Connects a deployment with an organisation: looks who one is there and what one may do, writes the settings, sends a
 * test change and registers the endpoint. What is wrong with user or privileges ends it before anything is changed; done
 * twice, the second time changes nothing.
 */
export async function* connect(wish: ConnectWish, deps: ConnectDeps): AsyncGenerator<Finding, void> {
  const me = await fault(() => deps.organisation.whoAmI());
  if (typeof me === "string") return yield noEnvironment(wish.environment, me);
  const { organization } = me;
  yield { what: "environment", state: "fine", says: `${wish.environment} is organisation ${organization}` };

  const user = await fault(() => userOf(wish, me.user, deps.organisation));
  if (typeof user === "string") return yield { what: "user", state: "wrong", says: user };
  if (user === undefined || user.disabled) return yield noUser(wish, user);
  yield { what: "user", state: "fine", says: `${user.name} (${user.id})` };

  const privileges = await privilegesFinding(wish, user, deps.organisation);
  yield privileges;
  if (privileges.state === "wrong") return;

  const settings = await settingsFinding(wish, organization, deps.settings);
  yield settings;
  if (typeof wish.endpoint === "string") return yield { what: "endpoint", state: "skipped", says: wish.endpoint };
  // By an endpoint of its own, and before ours: a wrong key or address never takes the place of one that works.
  const test = wish.check ? NO_TEST : await sendTestChange(wish.endpoint, me.user, deps);
  yield test;
  if (test.state !== "wrong") return yield await endpointFinding(wish.endpoint, wish.check, deps.registrar);
  yield { what: "endpoint", state: "skipped", says: "left as it was, since the test change was not taken" };
}

const NO_TEST: Finding = { what: "test change", state: "skipped", says: "--check sends none" };

function noEnvironment(environment: string, problem: string): Finding {
  return {
    what: "environment",
    state: "wrong",
    says: `${environment} does not answer as a Dataverse environment: ${problem}`,
    todo: [
      "The address is that of Power Platform's admin center, under Environments: https://<name>.crm4.dynamics.com or alike.",
      "Without a token: sign in first, with az login, as somebody who is a user of the environment.",
    ],
  };
}

function userOf({ clientId }: ConnectWish, me: string, organisation: Organisation) {
  return clientId === null ? organisation.user(me) : organisation.applicationUser(clientId);
}

function noUser({ clientId }: ConnectWish, user: OrganisationUser | undefined): Finding {
  if (user !== undefined)
    return { what: "user", state: "wrong", says: `${user.name} is disabled in Dataverse`, todo: ["Enable it there."] };
  return {
    what: "user",
    state: "wrong",
    says: `no application user stands for ${clientId ?? "you"} in this environment`,
    todo: [
      "In Power Platform's admin center: the environment, Settings, Users + permissions, Application users, New app user;",
      `add the app with the client id ${clientId ?? ""}, and give it a security role with the privileges of docs/connect.md.`,
    ],
  };
}

async function privilegesFinding({ needed }: ConnectWish, user: OrganisationUser, organisation: Organisation) {
  const check = await fault(async () => {
    const named = await organisation.privilegesOf(needed.map(({ table }) => table));
    const names = [...named.values()].flatMap((rights) => [...rights.values()]);
    return checkPrivileges(needed, named, await organisation.held(user.id, [...names, ...USEFUL]));
  });
  if (typeof check === "string") return { what: "privileges", state: "wrong", says: check } as const satisfies Finding;
  const { lacking, absent, held, without } = check;
  const gone = absent.length === 0 ? "" : `; this environment has no ${absent.join(", ")}`;
  if (lacking.length === 0) {
    const todo = without.length === 0 ? {} : { todo: [`Useful for backtests, and not there: ${without.join(", ")}.`] };
    return { what: "privileges", state: "fine", says: `all ${held} that are needed${gone}`, ...todo } as const;
  }
  return {
    what: "privileges",
    state: "wrong",
    says: `${lacking.length} of ${lacking.length + held} are missing${gone}; nothing was changed`,
    todo: [
      ...lacking.map(lackText),
      `Add them to a security role with the depth Organization, and give the role to ${user.name} itself.`,
    ],
  } as const;
}

function lackText({ privilege, table, right, why, held }: Lack): string {
  const reach = held === null ? "" : ` (held, but only with the depth ${held})`;
  return `${privilege}: ${right.toLowerCase()} on ${table}${reach}, for ${why}`;
}

async function settingsFinding(
  { webApi, check }: ConnectWish,
  organization: string,
  settings: DeploymentSettings,
): Promise<Finding> {
  const wanted = { DATAVERSE_URL: webApi, PARCOURS_ORGANIZATION_ID: organization };
  const changed: Record<string, string> = {};
  for (const [name, value] of Object.entries(wanted)) if ((await settings.read(name)) !== value) changed[name] = value;
  const names = Object.keys(changed);
  if (names.length === 0) return { what: "settings", state: "fine", says: `as they should be in ${settings.where}` };
  if (check) return { what: "settings", state: "skipped", says: `${names.join(", ")} would be written` };
  const left = await settings.write(changed);
  const says = `${names.join(", ")} written to ${settings.where}`;
  return { what: "settings", state: "changed", says, ...(left === null ? {} : { todo: [left] }) };
}

async function endpointFinding(endpoint: Endpoint, check: boolean, registrar: Registrar): Promise<Finding> {
  const done = await fault(async () => {
    const found = await registrar.find();
    // Its steps belong to the published triggers, and are none of our business here.
    const operations = plan({ endpoint, steps: [] }, { ...found, steps: [] });
    if (!check) for (const operation of operations) await registrar.apply(operation);
    return operations.length;
  });
  if (typeof done === "string") return { what: "endpoint", state: "wrong", says: done };
  if (done === 0)
    return { what: "endpoint", state: "fine", says: `${endpoint.url}, with the key of mark ${endpoint.keyMark}` };
  if (check) return { what: "endpoint", state: "skipped", says: `${endpoint.url} would be registered` };
  return { what: "endpoint", state: "changed", says: `${endpoint.url} registered, the key in a header` };
}

/** What the work answers, or what Dataverse says against it. */
async function fault<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ParcoursError)) throw error;
    const reason = reasonOf(error.cause);
    // Credentials tell all that they tried, a line each: the first says enough.
    return reason === "" ? error.message : `${error.message} (${reason.split("\n")[0]})`;
  }
}

/** The innermost cause: `fetch` says "fetch failed", and why stands below, sometimes as a code alone. */
function reasonOf(cause: unknown): string {
  if (typeof cause !== "object" || cause === null) return "";
  const inner = "cause" in cause ? reasonOf(cause.cause) : "";
  if (inner !== "") return inner;
  if ("code" in cause && typeof cause.code === "string") return cause.code;
  return "message" in cause && typeof cause.message === "string" ? cause.message : "";
}
