import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import type { Services } from "../shared/services.ts";
import type { Caller, Refusal } from "../shared/use-cases/access.ts";
import { answerTwice } from "../shared/use-cases/why/answer-twice.ts";
import { answerWhy } from "../shared/use-cases/why/answer-why.ts";
import { subjectsOf, traced } from "./api/why.ts";
import { serve } from "./endpoint.ts";
import { preferredLanguage } from "./language.ts";
import { PAGE_HEADERS } from "./pages/page.ts";
import { renderRefusal } from "./pages/status-page.ts";
import { renderWhy, type WhyView } from "./pages/why-page.ts";

export async function showWhy(request: HttpRequest, deps: Services, caller: Caller): Promise<HttpResponseInit> {
  const language = preferredLanguage(request);
  const about = request.query.get("about")?.trim() ?? "";
  const listed = (await deps.journeys.list()).filter(({ published }) => published !== null);
  const journey = listed.find(({ slug }) => slug === request.query.get("journey"))?.slug;
  const asked = { about, journey, language, discreet: false };
  const told: WhyView["told"] =
    about === ""
      ? undefined
      : request.query.get("twice") === "1"
        ? { kind: "twice", answer: await answerTwice(asked, deps) }
        : { kind: "why", answer: await answerWhy(asked, deps) };
  const body = renderWhy({ language, about, journey, journeys: listed, told });
  const subjects = told === undefined ? [] : subjectsOf(told.answer);
  return traced(subjects, { status: 200, headers: PAGE_HEADERS, body }, deps, caller);
}

/** Pages tell a refusal in the reader's language. */
function refuse(request: HttpRequest, { status, kind }: Refusal): HttpResponseInit {
  const body = renderRefusal(preferredLanguage(request), kind, new URL(request.url).pathname);
  return { status, headers: PAGE_HEADERS, body };
}

serve({
  name: "why-show",
  route: "why",
  methods: ["GET", "HEAD"],
  role: "operator",
  // Whom it was found to be about is written down where that is known.
  audit: { action: "look-at", subject: () => null },
  refuse,
  handle: (request, deps, _context, caller) => showWhy(request, deps, caller),
});
