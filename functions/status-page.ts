import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from "@azure/functions";
import { services } from "../shared/services.ts";
import { readStatus, type StatusFilter } from "../shared/use-cases/read-status.ts";
import { tellRun } from "../shared/use-cases/tell-run.ts";
import { bucket } from "../shared/wire/api.ts";
import { durableClient, runnerOf, statusUrlOf } from "./durable-client.ts";
import { preferredLanguage } from "./language.ts";
import { PAGE_HEADERS } from "./pages/page.ts";
import { renderNoRun, renderRun } from "./pages/run-page.ts";
import { renderClosed, renderRuns } from "./pages/status-page.ts";
import { statusWords } from "./pages/status-words.ts";

export async function showStatus(request: HttpRequest, deps = services()): Promise<HttpResponseInit> {
  const language = preferredLanguage(request);
  if (!deps.open) return page(403, renderClosed(language));
  const filter = filterOf(request.query);
  const read = await readStatus(filter, language, deps);
  return page(200, renderRuns({ language, filter, ...read }));
}

export async function showRun(
  request: HttpRequest,
  context: InvocationContext,
  deps = services(),
): Promise<HttpResponseInit> {
  const language = preferredLanguage(request);
  if (!deps.open) return page(403, renderClosed(language));
  const told = await tellRun(request.params.run ?? "", language, runnerOf(context), deps);
  if (told === undefined) return page(404, renderNoRun(language));
  const { trace, engine, timeZone, waitsFor, until, nextTry, ...run } = told;
  const words = statusWords(language);
  const status = engine.kind === "instance" ? engine.status : engine.kind === "silent" ? words.engineSilent : undefined;
  const url = engine.kind === "instance" ? statusUrlOf(context, run.run) : undefined;
  const durable = { id: run.run, status, url };
  return page(200, renderRun({ language, timeZone, run, trace, durable, waitsFor, until, nextTry }));
}

/** What a link of the page, or somebody's hand, put into the address; what makes no sense is as if it were not there. */
function filterOf(query: URLSearchParams): StatusFilter {
  const state = bucket.safeParse(query.get("state"));
  return {
    journey: query.get("journey") ?? undefined,
    state: state.success ? state.data : undefined,
    next: query.get("next") ?? undefined,
  };
}

function page(status: number, body: string): HttpResponseInit {
  return { status, headers: PAGE_HEADERS, body };
}

app.http("status-show", {
  // The host takes an empty route for none and names it after the function: a parameter that is always empty is the root.
  route: "{root:maxlength(0)?}",
  methods: ["GET", "HEAD"],
  authLevel: "anonymous",
  handler: (request) => showStatus(request),
});
app.http("run-show", {
  route: "runs/{run}",
  methods: ["GET", "HEAD"],
  authLevel: "anonymous",
  extraInputs: [durableClient],
  handler: (request, context) => showRun(request, context),
});
