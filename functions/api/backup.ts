import type { HttpRequest } from "@azure/functions";
import { z } from "zod";
import { copyDefinitions, importDefinitions } from "../../shared/use-cases/copy-definitions.ts";
import { exportRuns } from "../../shared/use-cases/export-runs.ts";
import { bucket, journeySlug, problems } from "../../shared/wire/api.ts";
import { definitionCopies, importAnswer } from "../../shared/wire/definition-copies.ts";
import { issuesOf } from "../../shared/wire/issues.ts";
import { invalid, jsonOf, ok, type Route, STRANGE_NEXT } from "./route.ts";

const PAGE = 200;
const FORMAT = "parcours-definitions/1";
/** An empty one is none: so a loop in a shell needs no exception for its first page. */
const nextOf = ({ query }: HttpRequest): string | undefined => query.get("next") || undefined;
const page = (of: string) => z.object({ [of]: z.array(z.unknown()), next: z.string().nullable() });

/** Backup and restore of definitions, and all that somebody needs who leaves. */
export const backupRoutes: readonly Route[] = [
  {
    name: "export-definitions",
    method: "get",
    path: "/api/export",
    tag: "backup",
    role: "admin",
    audit: { action: "export", subject: () => "definitions:all" },
    summary: "Triggers, journeys, mails and surveys with every version, a page at a time",
    query: { next: "of the page before" },
    responses: {
      200: { description: "A page that `POST /api/import` takes, and `next`" },
      400: { description: "What is wrong", body: problems },
    },
    handle: async (request, deps) => {
      const copied = await copyDefinitions(nextOf(request), deps);
      return copied === undefined ? STRANGE_NEXT : ok({ format: FORMAT, ...copied });
    },
  },
  {
    name: "import-definitions",
    method: "post",
    path: "/api/import",
    tag: "backup",
    role: "admin",
    audit: { action: "import", subject: () => "definitions:all" },
    summary: "Puts definitions back: adds what is missing, overwrites nothing; the same once more changes nothing",
    request: definitionCopies,
    responses: {
      200: { description: "What became of each", body: importAnswer },
      400: { description: "What is wrong", body: problems },
    },
    handle: async (request, deps) => {
      const given = definitionCopies.safeParse(await jsonOf(request));
      if (!given.success) return invalid(issuesOf(given.error));
      return ok(await importDefinitions(given.data.definitions, deps));
    },
  },
  {
    name: "export-runs",
    method: "get",
    path: "/api/export/runs",
    tag: "backup",
    role: "admin",
    audit: { action: "export", subject: (request) => `runs:${request.query.get("journey") ?? ""}` },
    summary: "Runs of a journey in one state, each with its facts, sends, answers and decisions",
    query: { journey: "its slug", state: "live, held, goal, exit, completed or stopped", next: "of the page before" },
    responses: {
      200: { description: "A page", body: page("runs") },
      400: { description: "What is wrong", body: problems },
    },
    handle: async (request, deps) => {
      const journey = journeySlug.safeParse(request.query.get("journey"));
      const state = bucket.safeParse(request.query.get("state"));
      if (!journey.success) return invalid([{ at: "journey", problem: "name the journey: ?journey=<slug>" }]);
      if (!state.success) return invalid(issuesOf(state.error).map((issue) => ({ ...issue, at: "state" })));
      const exported = await exportRuns(journey.data, state.data, nextOf(request), deps);
      return exported === undefined ? STRANGE_NEXT : ok(exported);
    },
  },
  {
    name: "export-suppressions",
    method: "get",
    path: "/api/export/suppressions",
    tag: "backup",
    role: "admin",
    audit: { action: "export", subject: () => "suppressions:all" },
    summary: "Who unsubscribed, as keyed hashes of addresses",
    query: { next: "of the page before" },
    responses: { 200: { description: "A page", body: page("suppressions") } },
    handle: async (request, deps) => ok(await deps.contactPoints.suppressions(PAGE, nextOf(request))),
  },
];
