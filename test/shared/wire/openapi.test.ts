import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { condition } from "../../../shared/domain/condition.ts";
import { mail } from "../../../shared/domain/mail.ts";
import { survey } from "../../../shared/domain/survey.ts";
import { recordTrigger } from "../../../shared/domain/trigger.ts";
import { openApi, type RouteDoc } from "../../../shared/wire/openapi.ts";

const problem = z
  .object({ code: z.string(), message: z.string() })
  .meta({ id: "Problem", description: "What went wrong" });

const routes: RouteDoc[] = [
  {
    method: "get",
    path: "/api/mails/{mail}",
    summary: "Reads a mail",
    tag: "Mails",
    params: { mail: "its slug" },
    query: { version: "which one; the draft without it" },
    responses: { 200: { description: "the mail", body: mail }, 404: { description: "no such mail", body: problem } },
  },
  {
    method: "put",
    path: "api/mails/{mail}",
    summary: "Saves a mail",
    key: "x-parcours-key",
    request: mail,
    responses: { 200: { description: "saved", body: z.object({ mail, problems: z.array(problem) }) } },
  },
  {
    method: "post",
    path: "/api/triggers/{kind:alpha}/{*rest}",
    summary: "Saves a trigger",
    request: recordTrigger,
    responses: { 202: { description: "taken" }, 400: { description: "wrong", body: problem } },
  },
  {
    method: "post",
    path: "/api/surveys",
    summary: "Saves a survey",
    request: survey,
    responses: { 201: { description: "saved", body: z.object({ when: condition }) } },
  },
];

const document = openApi(routes, {
  title: "Parcours",
  version: "1.0.0",
  schemas: { Mail: mail, RecordTrigger: recordTrigger, Condition: condition },
});

/** Every value under a `$ref`, wherever it stands. */
function refs(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refs);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (key === "$ref" ? [String(part)] : refs(part)));
}

function at(pointer: string): unknown {
  return pointer
    .slice(2)
    .split("/")
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], document);
}

describe("an OpenAPI document", () => {
  it("is of version 3.1 and is JSON", () => {
    expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "Parcours", version: "1.0.0" } });
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it("refers to nothing that it does not hold", () => {
    const all = refs(document);
    expect(all.length).toBeGreaterThan(5);
    for (const ref of all) expect({ ref, to: typeof at(ref) }).toEqual({ ref, to: "object" });
  });

  it("declares each parameter of each path, and no other", () => {
    for (const [path, operations] of Object.entries(document.paths as Record<string, Record<string, unknown>>))
      for (const operation of Object.values(operations)) {
        const { parameters = [] } = operation as { parameters?: { in: string; name: string; required: boolean }[] };
        const declared = parameters.filter((each) => each.in === "path");
        expect(declared.map((each) => each.name)).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
        expect(declared.every((each) => each.required)).toBe(true);
      }
    expect(Object.keys(document.paths as object)).toEqual([
      "/api/mails/{mail}",
      "/api/triggers/{kind}/{rest}",
      "/api/surveys",
    ]);
  });

  it("holds a named schema once, and a second time only where it is written otherwise than read", () => {
    const { schemas } = document.components as { schemas: Record<string, Record<string, unknown>> };
    expect(Object.keys(schemas)).toEqual(
      expect.arrayContaining(["Mail", "MailInput", "Problem", "RecordTrigger", "Condition"]),
    );
    expect(schemas.Mail?.required).toContain("purpose");
    expect(schemas.MailInput?.required).not.toContain("purpose");
    expect(schemas.Problem).toMatchObject({ description: "What went wrong" });
  });

  it("lets answers grow, and keeps strict bodies strict", () => {
    const { schemas } = document.components as { schemas: Record<string, Record<string, unknown>> };
    expect(schemas.Problem).not.toHaveProperty("additionalProperties");
    expect(schemas.MailInput).toMatchObject({ additionalProperties: false });
  });

  it("gives each operation a name of its own, and says which key it needs", () => {
    const operations = Object.values(document.paths as Record<string, object>).flatMap((each) => Object.values(each));
    const ids = operations.map((each: { operationId: string }) => each.operationId);
    expect(new Set(ids).size).toBe(routes.length);
    expect(ids).toContain("getApiMailsByMail");
    expect(operations[1]).toMatchObject({ security: [{ "x-parcours-key": [] }] });
    expect(at("#/components/securitySchemes")).toEqual({
      "x-parcours-key": { type: "apiKey", in: "header", name: "x-parcours-key" },
    });
  });

  it("is refused when a route stands in it twice", () => {
    const [route] = routes;
    expect(() => openApi(route ? [route, route] : [], { title: "x", version: "1" })).toThrow(/described twice/);
  });
});
