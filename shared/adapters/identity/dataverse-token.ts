import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from "@azure/identity";
import { ParcoursError } from "../../errors.ts";

/**
 * Tokens for an organisation, of the managed identity with this client id; without one, of whoever is signed in.
 * The credential keeps a token until shortly before it expires.
 */
export function dataverseToken(
  url: string,
  clientId?: string,
  credential: TokenCredential = clientId ? new ManagedIdentityCredential({ clientId }) : new DefaultAzureCredential(),
): () => Promise<string> {
  const scope = `${new URL(url).origin}/.default`;
  return async () => {
    try {
      const token = await credential.getToken(scope);
      if (token !== null) return token.token;
    } catch (cause) {
      throw new ParcoursError("DATAVERSE_UNAVAILABLE", `no token for ${scope}`, { cause });
    }
    throw new ParcoursError("DATAVERSE_UNAVAILABLE", `no token for ${scope}`);
  };
}
