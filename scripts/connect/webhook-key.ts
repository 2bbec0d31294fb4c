import { DefaultAzureCredential, type TokenCredential } from "@azure/identity";
import { z } from "zod";

/** Of the vault's own API, which has other versions than Resource Manager's: "Get Secret" in its REST reference. */
const VAULT_API = "2025-07-01";
/** As infra/modules/keys.bicep names it. */
const SECRET = "webhook-key";
const TIME_OUT = 10_000;

const secret = z.object({ value: z.string().min(1) });
const refused = z.object({ error: z.object({ innererror: z.object({ code: z.string() }) }) });

/** What is outside: tests bring their own. */
export interface Outside {
  readonly credential: TokenCredential;
  vaultAt(name: string): string;
}

const azure = (): Outside => ({
  credential: new DefaultAzureCredential(),
  vaultAt: (name) => `https://${name}.vault.azure.net`,
});

/** The key that Dataverse shows to the webhook: from the environment, the settings' file, or the deployment's vault. */
export async function webhookKey(
  env: NodeJS.ProcessEnv,
  known: Readonly<Record<string, string>>,
  outside: Outside = azure(),
): Promise<string | { readonly problem: string }> {
  const given = env.PARCOURS_WEBHOOK_KEY || known.PARCOURS_WEBHOOK_KEY;
  if (given !== undefined && given !== "") return given;
  const vault = known.AZURE_KEY_VAULT;
  if (vault === undefined) return { problem: "set PARCOURS_WEBHOOK_KEY to the key that the app has" };
  try {
    return await fromVault(outside.vaultAt(vault), outside.credential);
  } catch (error) {
    const [why, todo] = error instanceof NotGiven ? [error.message, error.todo] : [reasonOf(error), SIGN_IN];
    return { problem: `the key vault ${vault} does not give the secret ${SECRET}: ${why}. ${todo}` };
  }
}

const SIGN_IN = "Is it reached from here, and are you signed in (az login)? Else give the key in PARCOURS_WEBHOOK_KEY.";
const ROLE =
  "Give yourself the role Key Vault Secrets User on it (it takes some minutes), or the key in PARCOURS_WEBHOOK_KEY.";
const NETWORK = "It is open to its own network only: give the key in PARCOURS_WEBHOOK_KEY.";
const BY_HAND = "Give the key in PARCOURS_WEBHOOK_KEY.";

/** The vault answered, but not with the key. */
class NotGiven extends Error {
  readonly todo: string;

  constructor(message: string, todo: string) {
    super(message);
    this.todo = todo;
  }
}

async function fromVault(vault: string, credential: TokenCredential): Promise<string> {
  const token = await credential.getToken("https://vault.azure.net/.default");
  const answer = await fetch(`${vault}/secrets/${SECRET}?api-version=${VAULT_API}`, {
    headers: { authorization: `Bearer ${token?.token}` },
    signal: AbortSignal.timeout(TIME_OUT),
  });
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw notGiven(answer.status, refused.safeParse(body).data?.error.innererror.code);
  const { data } = secret.safeParse(body);
  if (data === undefined) throw new NotGiven("its answer has no key", BY_HAND);
  return data.value;
}

function notGiven(status: number, code: string | undefined): NotGiven {
  const says = `it answered ${status}${code === undefined ? "" : `, ${code}`}`;
  if (status === 401) return new NotGiven(says, SIGN_IN);
  if (status !== 403) return new NotGiven(says, BY_HAND);
  return new NotGiven(says, code === "ForbiddenByRbac" || code === undefined ? ROLE : NETWORK);
}

const failure = z.object({ message: z.string().catch(""), code: z.string().optional().catch(undefined) });

/** `fetch` says "fetch failed", and why stands below; credentials tell all that they tried, a line each. */
function reasonOf(error: unknown): string {
  const { cause } = z.object({ cause: z.unknown() }).catch({ cause: undefined }).parse(error);
  if (cause !== undefined) return reasonOf(cause);
  const { message, code } = failure.catch({ message: String(error), code: undefined }).parse(error);
  return code ?? message.split("\n")[0] ?? "";
}
