import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import type { Services } from "../shared/services.ts";
import { answerSurvey, openSurvey, type SurveyForm } from "../shared/use-cases/answer-survey.ts";
import { serve } from "./endpoint.ts";
import { preferredLanguage } from "./language.ts";
import { type Language, PAGE_HEADERS } from "./pages/page.ts";
import { renderSurvey, type SurveyView } from "./pages/survey-page.ts";

export async function showSurvey(request: HttpRequest, deps: Services): Promise<HttpResponseInit> {
  const opened = await openSurvey(request.params.token ?? "", deps);
  switch (opened.kind) {
    case "question":
      return page(200, asking(opened.form, request, { answers: Object.fromEntries(request.query) }));
    case "answered":
      return page(200, { kind: "already", language: known(opened.form.language) });
    case "invalid":
      return page(404, { kind: "invalid", language: preferredLanguage(request) });
  }
}

export async function postSurvey(request: HttpRequest, deps: Services): Promise<HttpResponseInit> {
  const given = new URLSearchParams(await request.text());
  const answered = await answerSurvey(request.params.token ?? "", given, deps);
  switch (answered.kind) {
    case "thanks": {
      const { thanks: message, language } = answered.form;
      return page(200, { kind: "thanks", language: known(language), ...(message === undefined ? {} : { message }) });
    }
    case "incomplete":
      return page(
        422,
        asking(answered.form, request, { answers: Object.fromEntries(given), missing: answered.missing }),
      );
    case "invalid":
      return page(404, { kind: "invalid", language: preferredLanguage(request) });
  }
}

type Asking = Extract<SurveyView, { kind: "question" }>;

function asking(form: SurveyForm, request: HttpRequest, given: Pick<Asking, "answers" | "missing">): Asking {
  const { title, intro, questions } = form;
  const action = new URL(request.url).pathname;
  const language = known(form.language);
  return { kind: "question", language, title, questions, action, ...(intro === undefined ? {} : { intro }), ...given };
}

/** The page's own words are written in these languages; the survey's texts in whichever its author chose. */
function known(language: string): Language {
  return language === "fr" ? "fr" : "en";
}

function page(status: number, view: SurveyView): HttpResponseInit {
  return { status, headers: PAGE_HEADERS, body: renderSurvey(view) };
}

// The token in the link is signed: it says which survey of whom this is.
serve({
  name: "survey-show",
  route: "survey/{token}",
  methods: ["GET", "HEAD"],
  role: "keyed",
  handle: (request, deps) => showSurvey(request, deps),
});
serve({
  name: "survey-answer",
  route: "survey/{token}",
  methods: ["POST"],
  role: "keyed",
  handle: (request, deps) => postSurvey(request, deps),
});
