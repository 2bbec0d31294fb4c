import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";

describe("an app that was deployed and not connected yet", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ settings: { PARCOURS_ORGANIZATION_ID: "", DATAVERSE_URL: "" } });
  });
  afterAll(() => stack?.stop());

  const get = async (path: string) => {
    const response = await fetch(`${stack.http.at.app}${path}`);
    return { status: response.status, body: (await response.json()) as { status?: string; problem?: string } };
  };

  it("is up", async () => {
    expect(await get("/api/health")).toEqual({ status: 200, body: { status: "up" } });
  });

  it("is not ready, and says which settings are missing", async () => {
    const { status, body } = await get("/api/ready");
    expect(status).toBe(503);
    expect(body.problem).toMatch(/not set up yet.*PARCOURS_ORGANIZATION_ID.*DATAVERSE_URL/);
  });

  it("asks Dataverse, if it already posts, to try again", async () => {
    const response = await fetch(`${stack.http.at.app}/api/dataverse/webhook`, { method: "POST", body: "{}" });
    expect(response.status).toBe(503);
  });
});
