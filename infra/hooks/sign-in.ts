import { APP_ROLES, type Application, changesTo } from "./app-registration.ts";
import { type Graph, graphThroughAz, Refused, setInEnvironment } from "./graph.ts";

/**
 * Sees to the app registration that people sign in with. `prepare` runs before provisioning and makes it; `finish` runs
 * after, when the app's address and identity are known. Both may run as often as one likes.
 */
const env = (name: string): string => process.env[name]?.trim() ?? "";
const CLIENT_ID = "PARCOURS_SIGN_IN_CLIENT_ID";
const name = `Parcours (${env("AZURE_ENV_NAME")})`;

function prepare(graph: Graph): void {
  const clientId = env(CLIENT_ID);
  if (clientId !== "") {
    complete(graph, clientId, []);
    return;
  }
  const query = { $filter: `displayName eq '${name.replaceAll("'", "''")}'`, $select: "appId" };
  const found = list<{ appId: string }>(graph.ask("GET", "/applications", { query }));
  // Anybody in the tenant may call an application so: one that we did not make is taken only by somebody who says so.
  if (found[0] !== undefined)
    throw new Error(
      `there is an application "${name}" that this environment does not know. If it is yours: azd env set ${CLIENT_ID} ${found[0].appId}`,
    );
  const made = graph.ask("POST", "/applications", { body: { displayName: name, signInAudience: "AzureADMyOrg" } }) as {
    appId: string;
  };
  setInEnvironment(CLIENT_ID, made.appId);
  console.log(`Made the app registration "${name}" for sign-in.`);
  complete(graph, made.appId, []);
}

function finish(graph: Graph): void {
  const clientId = env(CLIENT_ID);
  complete(
    graph,
    clientId,
    [env("PARCOURS_URL"), env("PARCOURS_DEFAULT_URL")].filter((one) => one !== ""),
  );
  trustIdentity(graph, clientId);
  admitFirst(graph, clientId);
  console.log(`Sign-in is set up: ${env("PARCOURS_URL")}`);
  if (env("DATAVERSE_URL") === "")
    console.log("Next, once the code is deployed: npm run connect -- --environment https://<yours>.crm.dynamics.com");
}

/** More steps than there are would mean that Entra ID keeps something else than what was written. */
const STEPS = 3;

/** Roles, scope, token version and addresses; only what differs is written. */
function complete(graph: Graph, clientId: string, addresses: readonly string[]): void {
  const path = `/applications(appId='${clientId}')`;
  for (let step = 1; step <= STEPS; step += 1) {
    const changes = changesTo(graph.ask("GET", path) as Application, clientId, addresses);
    if (changes === undefined) return;
    graph.ask("PATCH", path, { body: changes });
  }
}

/** The app proves who it is by a token of its managed identity: no client secret, nothing that runs out. */
function trustIdentity(graph: Graph, clientId: string): void {
  const path = `/applications(appId='${clientId}')/federatedIdentityCredentials`;
  const wanted = {
    name: "parcours-app",
    issuer: `https://login.microsoftonline.com/${env("AZURE_TENANT_ID")}/v2.0`,
    subject: env("PARCOURS_IDENTITY_PRINCIPAL_ID"),
    audiences: ["api://AzureADTokenExchange"],
  };
  const there = list<typeof wanted & { id: string }>(graph.ask("GET", path)).find((one) => one.name === wanted.name);
  if (there === undefined) graph.ask("POST", path, { body: wanted });
  else if (there.subject !== wanted.subject || there.issuer !== wanted.issuer)
    graph.ask("PATCH", `${path}/${there.id}`, { body: { issuer: wanted.issuer, subject: wanted.subject } });
}

/** Who signs in needs a role; and as somebody has to give out roles, whoever deploys first is the administrator. */
function admitFirst(graph: Graph, clientId: string): void {
  const path = `/servicePrincipals(appId='${clientId}')`;
  const principal = principalOf(graph, clientId);
  if (!principal.appRoleAssignmentRequired) graph.ask("PATCH", path, { body: { appRoleAssignmentRequired: true } });
  const assigned = list<{ appRoleId: string }>(graph.ask("GET", `${path}/appRoleAssignedTo`));
  const admin = APP_ROLES.find(({ value }) => value === "admin");
  if (admin === undefined || assigned.some(({ appRoleId }) => appRoleId === admin.id)) return;
  const me = whoever(graph);
  if (me === undefined) {
    console.log(`Nobody has the role admin yet: assign it in Entra ID, application "${name}".`);
    return;
  }
  graph.ask("POST", `${path}/appRoleAssignedTo`, {
    body: { principalId: me.id, resourceId: principal.id, appRoleId: admin.id },
  });
  console.log(
    `${me.userPrincipalName} has the role admin, and can be given others in Entra ID, application "${name}".`,
  );
}

function principalOf(graph: Graph, clientId: string): { id: string; appRoleAssignmentRequired?: boolean } {
  try {
    return graph.ask("GET", `/servicePrincipals(appId='${clientId}')`) as { id: string };
  } catch (fault) {
    if (!(fault instanceof Refused && fault.kind === "missing")) throw fault;
    const wanted = { appId: clientId, appRoleAssignmentRequired: true };
    return { ...wanted, ...(graph.ask("POST", "/servicePrincipals", { body: wanted }) as { id: string }) };
  }
}

/** Who is signed in; nobody where a pipeline runs. */
function whoever(graph: Graph): { id: string; userPrincipalName: string } | undefined {
  try {
    return graph.ask("GET", "/me", { query: { $select: "id,userPrincipalName" } }) as {
      id: string;
      userPrincipalName: string;
    };
  } catch (fault) {
    if (fault instanceof Refused) return undefined;
    throw fault;
  }
}

function list<T>(page: unknown): T[] {
  return (page as { value?: T[] } | undefined)?.value ?? [];
}

/** Says what went wrong. A pipeline needs no rights in Entra ID, as long as a person has run this once. */
function explain(fault: unknown): void {
  const known = env(CLIENT_ID) !== "";
  if (fault instanceof Refused && fault.kind === "forbidden" && known) {
    console.log("May not see to the app registration from here; it stays as it is.");
    return;
  }
  if (fault instanceof Refused && fault.kind === "missing" && known)
    console.error(`If the app registration was deleted, have another made: azd env set ${CLIENT_ID} ""`);
  const hint = known ? "" : "\nWithout sign-in, all but what has its own keys stays shut: azd env set SIGN_IN off";
  console.error(`Sign-in: ${fault instanceof Error ? fault.message : String(fault)}${hint}`);
  process.exitCode = 1;
}

const steps: Record<string, (graph: Graph) => void> = { prepare, finish };
const step = steps[process.argv[2] ?? ""];
try {
  if (step === undefined) throw new Error("say `prepare` or `finish`");
  if (env("SIGN_IN") === "off") console.log("SIGN_IN=off: nobody will be able to sign in.");
  else step(graphThroughAz());
} catch (fault) {
  explain(fault);
}
