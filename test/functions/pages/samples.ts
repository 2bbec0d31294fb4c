import type { Language } from "../../../functions/pages/page.ts";
import type { RunView } from "../../../functions/pages/run-page.ts";
import type { RunsView } from "../../../functions/pages/status-page.ts";
import type { SurveyView } from "../../../functions/pages/survey-page.ts";

type Asking = Extract<SurveyView, { kind: "question" }>;

/** A survey as a sample company would ask it. */
export function surveyView(language: Language = "en"): Asking {
  const french = language === "fr";
  const labels = french
    ? ["Très satisfait", "Satisfait", "Ni l’un ni l’autre", "Mécontent", "Très mécontent"]
    : ["Very satisfied", "Satisfied", "Neither", "Dissatisfied", "Very dissatisfied"];
  return {
    kind: "question",
    language,
    title: french ? "Votre dossier « Frein qui grince »" : "Your case “Squeaking brake”",
    intro: french
      ? "Deux minutes suffisent.\nVotre réponse nous aide à mieux faire."
      : "It takes two minutes.\nYour answer helps us to do better.",
    questions: [
      {
        kind: "rating",
        id: "satisfaction",
        text: french ? "Êtes-vous satisfait de notre réponse ?" : "How satisfied are you with our answer?",
        options: labels.map((label, at) => ({ value: String(5 - at), label })),
      },
      {
        kind: "rating",
        id: "recommend",
        text: french ? "De 0 à 10, nous recommanderiez-vous ?" : "From 0 to 10, would you recommend us?",
        options: Array.from({ length: 11 }, (_, n) => ({ value: String(n), label: String(n) })),
      },
      { kind: "comment", id: "comment", text: french ? "Autre chose à nous dire ?" : "Anything else to tell us?" },
    ],
    action: "/survey/abc.def",
  };
}

const CASES = { journey: "after-the-case", title: "After the case" };
const WORKSHOP = { journey: "demande-atelier", title: "Demande de financement d’un atelier de réparation de cycles" };
const RUN = "contact:6f1c2d3e-0000-4000-8000-000000000001~0a1b2c3d4e5f";

/** An operator's list with runs in every state. */
export function runsView(language: Language = "en"): RunsView {
  return {
    language,
    timeZone: "Europe/Paris",
    counts: [
      { ...CASES, state: "live", count: 12 },
      { ...CASES, state: "held", count: 3 },
      { ...CASES, state: "goal", count: 1_000, more: true },
      { ...CASES, state: "exit", count: 7 },
      { ...CASES, state: "completed", count: 48 },
      { ...WORKSHOP, state: "live", count: 0 },
      { ...WORKSHOP, state: "stopped", count: 2 },
    ],
    runs: [
      {
        run: RUN,
        journey: CASES.journey,
        state: "live",
        since: "2026-11-22T20:08:00Z",
        waitingFor: language === "fr" ? "une réponse au questionnaire" : "an answer to the survey",
        until: "2026-11-29T20:08:00Z",
      },
      { run: `${RUN}9`, journey: WORKSHOP.journey, state: "stopped", since: Date.parse("2026-11-20T07:00:00Z") },
      { run: `${RUN}8`, journey: CASES.journey, state: "goal", since: "2026-11-19T07:00:00Z" },
      {
        run: `${RUN}7`,
        journey: CASES.journey,
        state: "held",
        since: "2026-11-19T07:00:00Z",
        waitingFor: "PoolOfDiscountCodesForDissatisfiedCustomersOfTheWorkshop",
        until: "2026-11-19T08:00:00Z",
      },
    ],
    gates: { [WORKSHOP.journey]: "paused" },
    filter: { journey: CASES.journey, state: "live" },
    next: "page=2&x",
  };
}

/** A run that did much and waits. */
export function runView(language: Language = "en"): RunView {
  const french = language === "fr";
  return {
    language,
    timeZone: "Europe/Paris",
    run: {
      run: RUN,
      journey: CASES.journey,
      title: CASES.title,
      version: 3,
      state: "live",
      since: "2026-11-22T20:08:00Z",
      person: "Camille Ôdèle",
      record: "CAS-01042",
    },
    trace: [
      {
        at: "2026-11-22T20:08:00Z",
        text: french ? "Entrée : dossier résolu" : "Entered: case resolved",
        kind: "entered",
      },
      { at: "2026-11-22T20:08:01Z", text: french ? "Questionnaire envoyé" : "Survey sent", kind: "sent" },
      {
        at: "2026-11-23T09:30:00Z",
        text: french ? "Répondu : très mécontent" : "Answered: very dissatisfied",
        kind: "happened",
      },
      {
        at: "2026-11-23T09:30:01Z",
        text: french
          ? "E-mail retenu : la limite du fournisseur est atteinte"
          : "Mail on hold: the provider's limit is reached",
        kind: "held",
      },
      { at: "2026-11-23T09:31:01Z", text: french ? "Envoi échoué" : "The send failed", kind: "failed" },
      {
        at: "2026-11-25T10:00:00Z",
        text: french ? "Objectif atteint : commande CMD-1042" : "Goal reached: order CMD-1042",
        kind: "goal",
      },
    ],
    waitsFor: french ? "une commande" : "an order",
    until: "2026-11-30T09:31:00Z",
    durable: { id: RUN, status: "Running", url: "http://localhost:7071/runtime/webhooks/durabletask/instances/x" },
  };
}
