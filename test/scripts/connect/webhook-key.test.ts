import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { webhookKey } from "../../../scripts/connect/webhook-key.ts";

const KNOWN = { AZURE_KEY_VAULT: "kv-test" };

describe("the webhook's key", () => {
  let vault: Server;
  let asked: { url: string | undefined; authorization: string | undefined }[];
  let status: number;
  let answer: unknown;
  beforeEach(async () => {
    asked = [];
    status = 200;
    answer = { value: "k1:from the vault", id: "https://kv-test.vault.azure.net/secrets/webhook-key/1" };
    vault = createServer(({ url, headers: { authorization } }, response) => {
      asked.push({ url, authorization });
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
    await new Promise<void>((done) => vault.listen(0, "127.0.0.1", done));
  });
  afterEach(() => new Promise((done) => vault.close(done)));

  const scopes: string[] = [];
  const outside = (at = `http://127.0.0.1:${(vault.address() as AddressInfo).port}`) => ({
    vaultAt: (name: string) => (name === "kv-test" ? at : "http://no-such-vault.invalid"),
    credential: {
      getToken: async (scope: string | string[]) => {
        scopes.push(String(scope));
        return { token: "a token", expiresOnTimestamp: 0 };
      },
    },
  });
  const refusal = (code: string) => ({ error: { code: "Forbidden", message: "…", innererror: { code } } });

  it("is what the environment says, then what the settings say, and then no vault is asked", async () => {
    const known = { ...KNOWN, PARCOURS_WEBHOOK_KEY: "k2:settings" };
    expect(await webhookKey({ PARCOURS_WEBHOOK_KEY: "k3:environment" }, known, outside())).toBe("k3:environment");
    expect(await webhookKey({}, known, outside())).toBe("k2:settings");
    expect(asked).toEqual([]);
  });

  it("is read from the deployment's vault, the newest version of it, as whoever is signed in", async () => {
    expect(await webhookKey({ PARCOURS_WEBHOOK_KEY: "" }, KNOWN, outside())).toBe("k1:from the vault");
    expect(asked).toEqual([{ url: "/secrets/webhook-key?api-version=2025-07-01", authorization: "Bearer a token" }]);
    expect(scopes.at(-1)).toBe("https://vault.azure.net/.default");
  });

  it.each([
    [401, {}, "it answered 401", "signed in (az login)"],
    [403, refusal("ForbiddenByRbac"), "it answered 403, ForbiddenByRbac", "the role Key Vault Secrets User on it"],
    [403, refusal("ForbiddenByConnection"), "it answered 403, ForbiddenByConnection", "PARCOURS_WEBHOOK_KEY"],
    [404, refusal("SecretNotFound"), "it answered 404", "PARCOURS_WEBHOOK_KEY"],
    [200, { value: "" }, "its answer has no key", "PARCOURS_WEBHOOK_KEY"],
  ])("not being told (%s), it says why and what to do", async (code, body, why, todo) => {
    status = code;
    answer = body;
    const found = await webhookKey({}, KNOWN, outside());
    const problem = typeof found === "string" ? "" : found.problem;
    expect(problem).toContain(`the key vault kv-test does not give the secret webhook-key: ${why}`);
    expect(problem).toContain(todo);
  });

  it("says why nobody answers, in one line", async () => {
    const found = await webhookKey({}, KNOWN, outside("http://127.0.0.1:1"));
    expect(found).toMatchObject({
      problem: expect.stringMatching(/^the key vault kv-test .*: (ECONNREFUSED|bad port)\. /),
    });
    const notSignedIn = { getToken: () => Promise.reject(new Error("no credential\nEnvironment: not set\nCLI: no")) };
    expect(await webhookKey({}, KNOWN, { ...outside(), credential: notSignedIn })).toMatchObject({
      problem: expect.stringMatching(/: no credential\. [^\n]*$/),
    });
  });

  it("can't be known without a vault", async () => {
    expect(await webhookKey({}, {}, outside())).toMatchObject({
      problem: expect.stringContaining("PARCOURS_WEBHOOK_KEY"),
    });
  });
});
