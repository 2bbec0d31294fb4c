import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import type { Services } from "../../shared/services.ts";
import type { Caller } from "../../shared/use-cases/access.ts";
import { keepAudit } from "../../shared/use-cases/keep-audit.ts";
import { answerTwice, type TwiceTold } from "../../shared/use-cases/why/answer-twice.ts";
import { answerWhy, type WhyAnswer } from "../../shared/use-cases/why/answer-why.ts";
import { whyAsText } from "../../shared/use-cases/why/why-as-text.ts";
import { journeySlug, problems } from "../../shared/wire/api.ts";
import * as wire from "../../shared/wire/why.ts";
import { preferredLanguage } from "../language.ts";
import { invalid, ok, type Route } from "./route.ts";

const ABOUT =
  "`incident:<id>`, an id alone, an e-mail address, the number or name of a case or order, a person's name, or the address of its page in Dynamics";
const LANGUAGE = "fr or en; the browser's own if absent";

/** Why something happened to a record or a person, or did not. */
export const whyRoutes: readonly Route[] = [
  {
    name: "why",
    method: "get",
    path: "/api/why",
    tag: "decisions",
    role: "operator",
    // By whom it was found to be about: an address that somebody typed is no subject.
    audit: { action: "look-at", subject: () => null },
    summary: "Why: each change that came, what became of it, and why nothing came; the first line is the answer",
    query: {
      about: ABOUT,
      journey: "its slug: only what may lead into it",
      trigger: "its slug: only what it made of the changes",
      language: LANGUAGE,
      format: "text: as plain text for a ticket, without names, addresses and texts; JSON if absent",
    },
    responses: {
      200: { description: "The answer, or a list to choose from, or why nobody was found", body: wire.whyAnswer },
      400: { description: "What is wrong", body: problems },
    },
    handle: async (request, deps, _context, caller) => {
      const asked = askedOf(request);
      if ("problems" in asked) return invalid(asked.problems);
      if (request.query.get("format") === "text") {
        const { subject, text } = await whyAsText(asked, deps);
        return traced(
          subject === null ? [] : [subject],
          { body: text, headers: { "content-type": "text/plain; charset=utf-8" } },
          deps,
          caller,
        );
      }
      const answer = await answerWhy({ ...asked, discreet: false }, deps);
      return traced(subjectsOf(answer), ok(answer), deps, caller);
    },
  },
  {
    name: "why-twice",
    method: "get",
    path: "/api/why/twice",
    tag: "decisions",
    role: "operator",
    audit: { action: "look-at", subject: () => null },
    summary: "Why somebody got something twice: both side by side, with the two changes and who made them",
    query: { about: ABOUT, journey: "its slug; any journey if absent", language: LANGUAGE },
    responses: {
      200: { description: "Both, or the one; a list to choose from; or why nobody was found", body: wire.twiceAnswer },
      400: { description: "What is wrong", body: problems },
    },
    handle: async (request, deps, _context, caller) => {
      const asked = askedOf(request);
      if ("problems" in asked) return invalid(asked.problems);
      const answer = await answerTwice({ ...asked, discreet: false }, deps);
      return traced(subjectsOf(answer), ok(answer), deps, caller);
    },
  },
];

/** What a question names, or what is wrong with it. */
export function askedOf(request: HttpRequest) {
  const { query } = request;
  const about = query.get("about") ?? "";
  const found = [];
  if (about.trim() === "") found.push({ at: "about", problem: "say about whom or what: ?about=incident:<id>" });
  for (const name of ["journey", "trigger"])
    if (query.has(name) && !journeySlug.safeParse(query.get(name)).success)
      found.push({ at: name, problem: `the slug of a ${name}` });
  if (found.length > 0) return { problems: found };
  const language = query.get("language");
  return {
    about,
    language: language === "fr" || language === "en" ? language : preferredLanguage(request),
    journey: query.get("journey") ?? undefined,
    trigger: query.get("trigger") ?? undefined,
  };
}

/** Nobody looks at somebody without a trace, nor at a list of names. */
export async function traced(
  subjects: readonly string[],
  answer: HttpResponseInit,
  deps: Services,
  caller: Caller,
): Promise<HttpResponseInit> {
  const kept = await Promise.all(
    subjects.map((subject) => keepAudit({ by: caller, action: "look-at", subject }, deps)),
  );
  if (kept.every(Boolean)) return answer;
  return {
    status: 503,
    jsonBody: { problem: "the audit can't be written now, and nobody looks at a person without it: try again" },
  };
}

/** Everybody whom an answer shows. */
export function subjectsOf(answer: WhyAnswer | TwiceTold): readonly string[] {
  if (answer.kind === "answer") return "subjects" in answer ? answer.subjects : [answer.subject];
  return answer.kind === "choices" ? answer.choices.map(({ about }) => about) : [];
}
