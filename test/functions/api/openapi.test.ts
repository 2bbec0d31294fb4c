import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../../support/stack.ts";
import { servedRoutes } from "./routes.ts";

type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: unknown }> };
  readonly responses: Record<string, { readonly description: string; readonly content?: object }>;
};
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

describe("the API's OpenAPI document", () => {
  let stack: Stack;
  let document: Document;
  beforeAll(async () => {
    stack = await startStack();
    document = await stack.http.api<Document>("GET", "/api/openapi.json");
  });
  afterAll(() => stack.stop());

  const operations = (): [string, string, Operation][] =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, string, Operation] => [path, method, operation]),
    );

  it("names every route of the API that the host serves, and no other", () => {
    const served = servedRoutes(stack.platform)
      .filter(({ path, name }) => path.startsWith("/api/") && !name.endsWith("-webhook"))
      .map(({ method, path }) => `${method.toLowerCase()} ${path}`);
    expect(
      operations()
        .map(([path, method]) => `${method} ${path}`)
        .sort(),
    ).toEqual(served.sort());
  });

  it("is version 3.1, and each operation has a name, a summary, its parameters and its answers", () => {
    expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "Parcours", version: expect.any(String) } });
    const ids = operations().map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [path, , operation] of operations()) {
      expect(operation.summary).not.toBe("");
      const inPath = (operation.parameters ?? []).filter((one) => one.in === "path");
      expect(inPath.map(({ name }) => name)).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(inPath.every(({ required }) => required)).toBe(true);
      const statuses = Object.keys(operation.responses);
      expect(statuses.some((status) => /^2\d\d$/.test(status))).toBe(true);
      expect(Object.values(operation.responses).every(({ description }) => description !== "")).toBe(true);
    }
  });

  it("points at nothing that it does not hold", () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(refs.length).toBeGreaterThan(10);
    for (const [, name = ""] of refs)
      expect(Object.keys(document.components.schemas)).toContain(decodeURIComponent(name));
  });

  it("describes the body of whatever is saved, so that a client can be made of it", () => {
    const saved = operations().filter(([, method]) => method === "put");
    expect(saved).toHaveLength(4);
    for (const [, , { requestBody }] of saved) expect(requestBody?.content["application/json"]?.schema).toBeDefined();
  });
});
