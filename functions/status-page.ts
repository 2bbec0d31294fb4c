import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import type { Services } from "../shared/services.ts";
import { type Caller, hasRole, type Refusal } from "../shared/use-cases/access.ts";
import { readStatus, type StatusFilter } from "../shared/use-cases/read-status.ts";
import { tellRun } from "../shared/use-cases/tell-run.ts";
import { bucket } from "../shared/wire/api.ts";
import { runnerOf, statusUrlOf } from "./durable-client.ts";
import { serve } from "./endpoint.ts";
import { preferredLanguage } from "./language.ts";
import { PAGE_HEADERS } from "./pages/page.ts";
import { renderNoRun, renderRun } from "./pages/run-page.ts";
import { renderRefusal, renderRuns } from "./pages/status-page.ts";
import { statusWords } from "./pages/status-words.ts";

export async function showStatus(request: HttpRequest, deps: Services): Promise<HttpResponseInit> {
  const language = preferredLanguage(request);
  const filter = filterOf(request.query);
  const read = await readStatus(filter, language, deps);
  return page(200, renderRuns({ language, filter, ...read }));
}

export async function showRun(
  request: HttpRequest,
  context: InvocationContext,
  deps: Services,
  caller: Caller,
): Promise<HttpResponseInit> {
  const language = preferredLanguage(request);
  const told = await tellRun(request.params.run ?? "", language, runnerOf(context), deps);
  if (told === undefined) return page(404, renderNoRun(language));
  const { trace, engine, timeZone, waitsFor, until, nextTry, ...run } = told;
  const words = statusWords(language);
  const status = engine.kind === "instance" ? engine.status : engine.kind === "silent" ? words.engineSilent : undefined;
  // With the key in it anybody may do anything to any instance.
  const url = engine.kind === "instance" && hasRole(caller, "admin") ? statusUrlOf(context, run.run) : undefined;
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

/** Pages tell a refusal in the reader's language. */
function refuse(request: HttpRequest, { status, kind }: Refusal): HttpResponseInit {
  return page(status, renderRefusal(preferredLanguage(request), kind, new URL(request.url).pathname));
}

serve({
  name: "status-show",
  // The host takes an empty route for none and names it after the function: a parameter that is always empty is the root.
  route: "{root:maxlength(0)?}",
  methods: ["GET", "HEAD"],
  role: "reader",
  refuse,
  handle: (request, deps) => showStatus(request, deps),
});
serve({
  name: "run-show",
  route: "runs/{run}",
  methods: ["GET", "HEAD"],
  role: "reader",
  runner: true,
  audit: { action: "look-at", subject: (request) => `run:${request.params.run ?? ""}` },
  refuse,
  handle: (request, deps, context, caller) => showRun(request, context, deps, caller),
});
