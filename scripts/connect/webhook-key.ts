import { DefaultAzureCredential, type TokenCredential } from "@azure/identity";
import { z } from "zod";

const VAULT_API = "7.4";
/** As infra/modules/keys.bicep names it. */
const SECRET = "webhook-key";

/** The key that Dataverse shows to the webhook: from the environment, the settings' file, or the deployment's vault. */
export async function webhookKey(
  env: NodeJS.ProcessEnv,
  known: Readonly<Record<string, string>>,
  credential?: TokenCredential,
): Promise<string | { readonly problem: string }> {
  const given = env.PARCOURS_WEBHOOK_KEY ?? known.PARCOURS_WEBHOOK_KEY;
  if (given !== undefined && given !== "") return given;
  const vault = known.AZURE_KEY_VAULT;
  if (vault === undefined) return { problem: "set PARCOURS_WEBHOOK_KEY to the key that the app has" };
  try {
    return await fromVault(vault, credential ?? new DefaultAzureCredential());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      problem: `the key vault ${vault} does not give the secret ${SECRET} (Key Vault Secrets User is needed): ${why}`,
    };
  }
}

async function fromVault(vault: string, credential: TokenCredential): Promise<string> {
  const token = await credential.getToken("https://vault.azure.net/.default");
  const url = `https://${vault}.vault.azure.net/secrets/${SECRET}?api-version=${VAULT_API}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token?.token}` } });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  return z.object({ value: z.string().min(1) }).parse(await answer.json()).value;
}
