import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { z } from "zod";
import type { Services } from "../../shared/services.ts";
import { publishDefinition } from "../../shared/use-cases/publish-definition.ts";
import { KINDS, type Kind, SCHEMAS, saveDefinition } from "../../shared/use-cases/save-definition.ts";
import { listed, problems, stored } from "../../shared/wire/api.ts";
import { fromIfMatch, toETag } from "./etag.ts";
import { inPath, invalid, jsonOf, missing, ok, type Route } from "./route.ts";

/** Triggers, journeys, mails and surveys: drafts that are edited, revisions that are published. */
export const definitionRoutes: readonly Route[] = KINDS.flatMap(routesFor);

function routesFor(kind: Kind): Route[] {
  const one = kind.slice(0, -1);
  const document = SCHEMAS[kind];
  const path = `/api/${kind}/{slug}`;
  return [
    {
      name: `list-${kind}`,
      method: "get",
      path: `/api/${kind}`,
      tag: kind,
      role: "reader",
      summary: `All ${kind}`,
      responses: { 200: { description: "Each with its latest published revision", body: z.array(listed) } },
      handle: async (_request, deps) => ok(await deps[kind].list()),
    },
    {
      name: `read-${one}`,
      method: "get",
      path,
      tag: kind,
      role: "reader",
      summary: `A ${one}: its draft, or ?revision=N`,
      query: { revision: "a published revision instead of the draft" },
      responses: { 200: { description: "With its ETag", body: stored }, 404: { description: "None", body: problems } },
      handle: (request, deps) => read(kind, request, deps),
    },
    {
      name: `save-${one}`,
      method: "put",
      path,
      tag: kind,
      role: "author",
      audit: { action: "save", subject: inPath(one, "slug") },
      summary: `Saves the draft of a ${one}. If-Match: the ETag that was read; without it, only a new one`,
      request: document,
      responses: {
        200: { description: "Saved; the new ETag, and what would keep a trigger from being published now" },
        400: { description: "What is wrong and where", body: problems },
        412: { description: "Somebody saved it first", body: problems },
      },
      handle: (request, deps) => save(kind, request, deps),
    },
    {
      name: `publish-${one}`,
      method: "post",
      path: `${path}/publish`,
      tag: kind,
      role: "author",
      audit: { action: "publish", subject: inPath(one, "slug") },
      summary: `Publishes the draft as the next revision; answers when every instance knows it`,
      responses: {
        200: { description: "The revision", body: z.object({ revision: z.number() }) },
        202: { description: "Published; why Dataverse does not tell all of it yet: it is tried again", body: problems },
        400: { description: "What keeps it from being published", body: problems },
        404: { description: "No draft", body: problems },
        409: { description: "Somebody published at the same moment", body: problems },
        502: { description: "Dataverse refuses what is needed, such as for want of a privilege", body: problems },
        503: { description: "Dataverse does not answer", body: problems },
      },
      handle: (request, deps) => publish(kind, request, deps),
    },
  ];
}

async function read(kind: Kind, request: HttpRequest, deps: Services): Promise<HttpResponseInit> {
  const { slug = "" } = request.params;
  const revision = request.query.get("revision");
  if (revision !== null) {
    const found = /^\d{1,8}$/.test(revision) ? await deps[kind].revision(slug, Number(revision)) : undefined;
    return found === undefined ? missing(`revision ${revision} of ${slug}`) : ok({ document: found });
  }
  const draft = await deps[kind].draft(slug);
  if (draft === undefined) return missing(`${kind.slice(0, -1)} ${slug}`);
  const published = (await deps[kind].listed(slug))?.published ?? null;
  return ok({ document: draft.value, published }, { etag: toETag(draft.etag) });
}

async function save(kind: Kind, request: HttpRequest, deps: Services): Promise<HttpResponseInit> {
  const { slug = "" } = request.params;
  const given = fromIfMatch(request.headers.get("if-match"));
  if (given === "strange") return stale(slug);
  const saved = await saveDefinition(kind, slug, await jsonOf(request), given.mark, deps);
  switch (saved.kind) {
    case "saved": {
      const etag = toETag(saved.etag);
      return ok({ etag, ...(saved.problems === null ? {} : { problems: saved.problems }) }, { etag });
    }
    case "invalid":
      return invalid(saved.problems);
    case "stale":
      return stale(slug);
  }
}

function stale(slug: string): HttpResponseInit {
  const problem = `${slug} was saved by somebody else: read it again and give its ETag in If-Match`;
  return { status: 412, jsonBody: { problem } };
}

async function publish(kind: Kind, request: HttpRequest, deps: Services): Promise<HttpResponseInit> {
  const { slug = "" } = request.params;
  const published = await publishDefinition(kind, slug, deps);
  switch (published.kind) {
    case "published": {
      const { revision, pending } = published;
      return pending === undefined ? ok({ revision }) : { status: 202, jsonBody: { revision, problem: pending } };
    }
    case "invalid":
      return invalid(published.problems);
    case "missing":
      return missing(`draft of ${slug}: save it first`);
    case "stale":
      return { status: 409, jsonBody: { problem: `${slug} was published by somebody else at the same moment` } };
  }
}
