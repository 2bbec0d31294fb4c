import type { Refusal } from "../../shared/use-cases/access.ts";
import type { Language } from "./page.ts";

/** Where a run stands, as the operators' lists are divided. */
export type RunState = "live" | "held" | "goal" | "exit" | "completed" | "stopped";

export interface StatusWords {
  readonly title: string;
  readonly journeys: string;
  readonly runs: string;
  readonly noJourney: string;
  readonly noRun: string;
  readonly allRuns: string;
  readonly allOf: (journey: string) => string;
  readonly refresh: string;
  readonly older: string;
  readonly run: string;
  readonly journey: string;
  readonly state: string;
  readonly entered: string;
  readonly ended: string;
  readonly waitingFor: string;
  readonly until: string;
  readonly nextTry: string;
  readonly version: string;
  readonly person: string;
  readonly record: string;
  readonly gates: Readonly<Record<"paused" | "stopped", string>>;
  readonly states: Readonly<Record<RunState, string>>;
  readonly atLeast: (count: string) => string;
  readonly timesIn: (zone: string) => string;
  readonly trace: string;
  readonly noTrace: string;
  readonly engine: string;
  readonly engineHint: string;
  readonly engineId: string;
  readonly engineStatus: string;
  readonly engineOpen: string;
  readonly noEngine: string;
  readonly engineSilent: string;
  /** Why the page is not shown: title and hint, by the kind of refusal. */
  readonly refused: Readonly<Record<Refusal["kind"], readonly [title: string, hint: string]>>;
  readonly signIn: string;
  readonly notFound: string;
  readonly notFoundHint: string;
  readonly why: string;
}

const EN: StatusWords = {
  title: "Status",
  journeys: "Journeys",
  runs: "Runs",
  noJourney: "No journey has been published yet.",
  noRun: "No run here.",
  allRuns: "All runs",
  allOf: (journey) => `All runs of “${journey}”`,
  refresh: "Refresh",
  older: "Older runs",
  run: "Run",
  journey: "Journey",
  state: "State",
  entered: "Entered",
  ended: "Ended",
  waitingFor: "Waits for",
  until: "Until",
  nextTry: "Next try",
  version: "Version",
  person: "Person",
  record: "Record",
  gates: {
    paused: "Paused: nothing is sent, goals and exits still count",
    stopped: "Stopped: nobody enters any more",
  },
  states: {
    live: "Under way",
    held: "On hold",
    goal: "Goal reached",
    exit: "Left by an exit",
    completed: "Completed",
    stopped: "Stopped",
  },
  atLeast: (count) => `over ${count}`,
  timesIn: (zone) => `Times are those of ${zone}.`,
  trace: "What happened",
  noTrace: "Nothing has happened yet.",
  engine: "Durable instance",
  engineHint: "The engine that carries the run. The store has the truth: an instance that is gone is started again.",
  engineId: "Id",
  engineStatus: "Its status",
  engineOpen: "What the engine itself says (JSON)",
  noEngine: "none",
  engineSilent: "it did not answer",
  refused: {
    "no-sign-in-here": [
      "Not open here",
      "No sign-in is set up for this app: it opens with PARCOURS_SIGN_IN=platform behind App Service authentication, or with PARCOURS_OPEN=local on one’s own machine.",
    ],
    "signed-out": ["Sign in first", "This page is for people who work with Parcours."],
    "role-missing": [
      "Not for your account",
      "Your account has no role in Parcours: an administrator gives it one in Entra ID.",
    ],
    "cross-site": ["Refused", "Another site asked for this in your name."],
  },
  signIn: "Sign in",
  notFound: "No such run",
  notFoundHint: "The link is wrong, or the run ended so long ago that it is no longer kept.",
  why: "Why?",
};

const FR: StatusWords = {
  title: "État",
  journeys: "Parcours",
  runs: "Passages",
  noJourney: "Aucun parcours n’est encore publié.",
  noRun: "Aucun passage ici.",
  allRuns: "Tous les passages",
  allOf: (journey) => `Tous les passages de «\u00a0${journey}\u00a0»`,
  refresh: "Actualiser",
  older: "Passages plus anciens",
  run: "Passage",
  journey: "Parcours",
  state: "État",
  entered: "Entrée",
  ended: "Fin",
  waitingFor: "Attend",
  until: "Jusqu’au",
  nextTry: "Prochain essai",
  version: "Version",
  person: "Personne",
  record: "Enregistrement",
  gates: {
    paused: "Suspendu : rien n’est envoyé, objectifs et sorties comptent encore",
    stopped: "Arrêté : plus personne n’entre",
  },
  states: {
    live: "En cours",
    held: "Retenu",
    goal: "Objectif atteint",
    exit: "Sorti",
    completed: "Terminé",
    stopped: "Arrêté",
  },
  atLeast: (count) => `plus de ${count}`,
  timesIn: (zone) => `Les heures sont celles de ${zone}.`,
  trace: "Ce qui s’est passé",
  noTrace: "Il ne s’est encore rien passé.",
  engine: "Instance Durable Functions",
  engineHint: "Le moteur qui porte le passage. La vérité est dans le stockage : une instance disparue est relancée.",
  engineId: "Identifiant",
  engineStatus: "Son état",
  engineOpen: "Ce qu’en dit le moteur lui-même (JSON)",
  noEngine: "aucune",
  engineSilent: "pas de réponse",
  refused: {
    "no-sign-in-here": [
      "Page fermée ici",
      "Aucune connexion n’est configurée pour cette application : elle s’ouvre avec PARCOURS_SIGN_IN=platform derrière l’authentification d’App Service, ou avec PARCOURS_OPEN=local sur sa propre machine.",
    ],
    "signed-out": ["Connectez-vous d’abord", "Cette page est réservée aux personnes qui travaillent avec Parcours."],
    "role-missing": [
      "Pas pour votre compte",
      "Votre compte n’a aucun rôle dans Parcours : un administrateur lui en donne un dans Entra ID.",
    ],
    "cross-site": ["Refusé", "Un autre site l’a demandé en votre nom."],
  },
  signIn: "Se connecter",
  notFound: "Passage introuvable",
  notFoundHint: "Le lien est faux, ou le passage a pris fin il y a trop longtemps pour être encore conservé.",
  why: "Pourquoi\u00a0?",
};

export function statusWords(language: Language): StatusWords {
  return language === "fr" ? FR : EN;
}
