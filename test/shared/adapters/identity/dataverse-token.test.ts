import { describe, expect, it } from "@jest/globals";
import { dataverseToken } from "../../../../shared/adapters/identity/dataverse-token.ts";

describe("a Dataverse token", () => {
  it("is for the organisation that the address names, not for the path below it", async () => {
    const asked: unknown[] = [];
    const token = dataverseToken("https://org.crm.dynamics.com/api/data/v9.2", undefined, {
      getToken: async (scope) => {
        asked.push(scope);
        return { token: "t0ken", expiresOnTimestamp: 0 };
      },
    });
    expect(await token()).toBe("t0ken");
    expect(asked).toEqual(["https://org.crm.dynamics.com/.default"]);
  });

  it.each([
    ["none is given", async () => null],
    ["the identity does not answer", () => Promise.reject(new Error("no identity endpoint"))],
  ])("that can't be had because %s may be tried for again", async (_, getToken) => {
    const token = dataverseToken("https://org.crm.dynamics.com", undefined, { getToken });
    await expect(token()).rejects.toMatchObject({ code: "DATAVERSE_UNAVAILABLE", retryable: true });
  });
});
