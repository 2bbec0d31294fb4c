import { z } from "zod";
import { changeGate, commandRun, listRuns, showRun } from "../../shared/use-cases/operate.ts";
import { resetEntry } from "../../shared/use-cases/reset-entry.ts";
import { bucket, command, entryReset, gateChange, journeySlug, problems } from "../../shared/wire/api.ts";
import { issuesOf } from "../../shared/wire/issues.ts";
import { runnerOf } from "../durable-client.ts";
import { inPath, invalid, jsonOf, missing, ok, type Route } from "./route.ts";

const PAGE = 50;

/** Runs, and what an operator may ask of them. */
export const runRoutes: readonly Route[] = [
  {
    name: "list-runs",
    method: "get",
    path: "/api/runs",
    tag: "runs",
    role: "reader",
    summary: "Runs of a journey in one state, newest first, a page at a time",
    query: {
      journey: "its slug",
      state: "live, held, goal, exit, completed or stopped; live if absent",
      next: "of the page before",
    },
    responses: {
      200: { description: "Runs, and `next` where there are more" },
      400: { description: "What is wrong", body: problems },
    },
    handle: async (request, deps) => {
      const journey = journeySlug.safeParse(request.query.get("journey"));
      const state = bucket.safeParse(request.query.get("state") ?? "live");
      if (!journey.success) return invalid([{ at: "journey", problem: "name the journey: ?journey=<slug>" }]);
      if (!state.success) return invalid(issuesOf(state.error).map((issue) => ({ ...issue, at: "state" })));
      return ok(await listRuns(journey.data, state.data, PAGE, request.query.get("next") ?? undefined, deps));
    },
  },
  {
    name: "read-run",
    method: "get",
    path: "/api/runs/{run}",
    tag: "runs",
    role: "reader",
    audit: { action: "look-at", subject: inPath("run", "run") },
    summary: "One run: where it stands, what comes next, all that happened to it",
    responses: { 200: { description: "The run and its facts" }, 404: { description: "None", body: problems } },
    handle: async (request, deps, context) => {
      const { run = "" } = request.params;
      const shown = await showRun(run, deps);
      if (shown === undefined) return missing(`run ${run}`);
      return ok({ ...shown, durable: (await runnerOf(context).status(run))?.state ?? null });
    },
  },
  {
    name: "command-run",
    method: "post",
    path: "/api/runs/{run}/commands",
    tag: "runs",
    role: "operator",
    audit: { action: kindOf, subject: inPath("run", "run") },
    summary: "Asks one run to stop, pause, resume, move to a step, or migrate to a version",
    request: command,
    responses: {
      202: { description: "Asked: the run does it between two steps" },
      400: { description: "What is wrong", body: problems },
      404: { description: "No such run", body: problems },
      409: { description: "It ended", body: problems },
    },
    handle: async (request, deps, context) => {
      const { run = "" } = request.params;
      const asked = command.safeParse(await jsonOf(request));
      if (!asked.success) return invalid(issuesOf(asked.error));
      const outcome = await commandRun(run, asked.data, runnerOf(context), deps);
      if (outcome.kind === "missing") return missing(`run ${run}`);
      if (outcome.kind === "ended") return { status: 409, jsonBody: { problem: `run ${run} has ended` } };
      if (outcome.kind === "invalid") return invalid(outcome.problems);
      return { status: 202, jsonBody: {} };
    },
  },
  {
    name: "change-gate",
    method: "post",
    path: "/api/journeys/{slug}/gate",
    tag: "journeys",
    role: "operator",
    audit: { action: stateOf, subject: inPath("journey", "slug") },
    summary: "Opens, pauses, stops or migrates a whole journey",
    request: gateChange,
    responses: {
      200: { description: "The gate, with its epoch", body: z.object({ state: z.string(), epoch: z.number() }) },
      400: { description: "What is wrong", body: problems },
      404: { description: "No such journey", body: problems },
    },
    handle: async (request, deps, context) => {
      const { slug = "" } = request.params;
      const change = gateChange.safeParse(await jsonOf(request));
      if (!change.success) return invalid(issuesOf(change.error));
      const outcome = await changeGate(slug, change.data, runnerOf(context), deps);
      if (outcome.kind === "missing") return missing(`journey ${slug}`);
      return outcome.kind === "invalid" ? invalid(outcome.problems) : ok(outcome.gate);
    },
  },
  {
    name: "reset-entry",
    method: "post",
    path: "/api/journeys/{slug}/reset",
    tag: "journeys",
    role: "operator",
    audit: { action: "reset-entry", subject: inPath("journey", "slug") },
    summary: "Lets somebody enter a journey once more, as if they never had: for a test that is made again",
    request: entryReset,
    responses: {
      200: {
        description: "How many entries were forgotten, and the runs that go on",
        body: z.object({ entries: z.number(), live: z.array(z.string()) }),
      },
      400: { description: "What is wrong", body: problems },
      404: { description: "No such journey", body: problems },
    },
    handle: async (request, deps) => {
      const { slug = "" } = request.params;
      const asked = entryReset.safeParse(await jsonOf(request));
      if (!asked.success) return invalid(issuesOf(asked.error));
      const outcome = await resetEntry(slug, asked.data.member, deps);
      return outcome.kind === "missing"
        ? missing(`journey ${slug}`)
        : ok({ entries: outcome.entries, live: outcome.live });
    },
  },
  {
    name: "read-insights",
    method: "get",
    path: "/api/journeys/{slug}/insights",
    tag: "journeys",
    role: "reader",
    summary: "How often each outcome came at each step of a published version",
    query: { version: "the latest if absent" },
    responses: {
      200: { description: "`step~outcome` → number" },
      404: { description: "Not published", body: problems },
    },
    handle: async (request, deps) => {
      const { slug = "" } = request.params;
      const latest = (await deps.journeys.listed(slug))?.published;
      const version = Number(request.query.get("version") ?? latest);
      const known = latest != null && Number.isInteger(version) && version >= 1 && version <= latest;
      if (!known) return missing(`published version of ${slug}`);
      return ok({ journey: slug, version, totals: await deps.insights.totals(slug, version) });
    },
  },
];

function kindOf(body: unknown): string {
  return command.parse(body).kind;
}

/** `open`, `paused`, `stopped`, or the migration that was asked for with it. */
function stateOf(body: unknown): string {
  const { state, migrate } = gateChange.parse(body);
  return migrate == null ? `gate-${state}` : `migrate-${state}`;
}
