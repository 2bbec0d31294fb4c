import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../../support/stack.ts";
import { filledIn, servedRoutes } from "./routes.ts";

/** What answers everybody: each has a key or a signed link of its own, or says nothing that matters. */
const EVERYBODY = ["health", "dataverse-webhook", "survey-show", "survey-answer", "receive-events", "allow-events"];

describe("without PARCOURS_OPEN=local", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ settings: { PARCOURS_OPEN: "" } });
  });
  afterAll(() => stack.stop());

  const ask = ({ method, path }: { method: string; path: string }): Promise<Response> =>
    fetch(`${stack.http.at.app}${filledIn(path)}`, {
      method,
      ...(method === "GET" || method === "HEAD" ? {} : { body: "{}", headers: { "content-type": "application/json" } }),
    });

  it("every route is refused but those with a key of their own, and health", async () => {
    const routes = servedRoutes(stack.platform);
    expect(routes.length).toBeGreaterThan(25);
    const answers = await Promise.all(routes.map(async (route) => ({ ...route, status: (await ask(route)).status })));
    const open = answers.filter(({ status }) => status !== 403);
    expect(new Set(open.map(({ name }) => name))).toEqual(new Set(EVERYBODY));
    expect(Object.fromEntries(open.map(({ name, method, status }) => [`${method} ${name}`, status]))).toEqual({
      "GET health": 200,
      "POST dataverse-webhook": 401,
      "POST receive-events": 401,
      "OPTIONS allow-events": 204,
      "GET survey-show": 404,
      "HEAD survey-show": 404,
      "POST survey-answer": 404,
    });
  });

  it("a refusal says why: the API as JSON, a page in the reader's language", async () => {
    const api = await ask({ method: "GET", path: "/api/openapi.json" });
    expect(await api.json()).toEqual({ problem: expect.stringContaining("PARCOURS_OPEN=local") });
    for (const path of ["/", "/runs/x"]) {
      const page = await fetch(`${stack.http.at.app}${path}`, { headers: { "accept-language": "fr" } });
      expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(await page.text()).toContain("Page fermée ici");
    }
  });

  it("health says nothing but that the app is up", async () => {
    expect(await (await ask({ method: "GET", path: "/api/health" })).json()).toEqual({ status: "up" });
  });
});
