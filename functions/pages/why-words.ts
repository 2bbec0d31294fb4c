import type { Language } from "./page.ts";

export interface WhyWords {
  readonly title: string;
  readonly about: string;
  readonly aboutHint: string;
  readonly journey: string;
  readonly anyJourney: string;
  readonly ask: string;
  readonly mend: string;
  readonly chain: string;
  readonly also: string;
  readonly changes: string;
  readonly changesHint: string;
  readonly causes: string;
  readonly choose: string;
  readonly forTicket: string;
  readonly twice: string;
  readonly askTwice: string;
  readonly once: string;
  readonly status: string;
  readonly more: string;
  readonly timesIn: (zone: string) => string;
}

const EN: WhyWords = {
  title: "Why?",
  about: "About whom or what",
  aboutHint:
    "A name, an e-mail address, the number of a case or an order, an id, or the address of its page in Dynamics",
  journey: "Journey",
  anyJourney: "any",
  ask: "Ask",
  mend: "What would change it:",
  chain: "Step by step",
  also: "Other journeys and triggers",
  changes: "Changes that came",
  changesHint: "What each trigger made of each, oldest first.",
  causes: "What may have kept a change from coming",
  choose: "Choose one",
  forTicket: "As text for a ticket, without names",
  twice: "Why twice?",
  askTwice: "Why did it come twice?",
  once: "Why at all?",
  status: "Status",
  more: "More came than is told here: the newest are.",
  timesIn: (zone) => `Times are those of ${zone}.`,
};

const FR: WhyWords = {
  title: "Pourquoi\u00a0?",
  about: "De qui ou de quoi s’agit-il",
  aboutHint:
    "Un nom, une adresse e-mail, le numéro d’un incident ou d’une commande, un identifiant, ou l’adresse de sa page dans Dynamics",
  journey: "Parcours",
  anyJourney: "tous",
  ask: "Demander",
  mend: "Ce qui y changerait quelque chose\u00a0:",
  chain: "Pas à pas",
  also: "Autres parcours et déclencheurs",
  changes: "Modifications arrivées",
  changesHint: "Ce que chaque déclencheur en a fait, la plus ancienne d’abord.",
  causes: "Ce qui a pu empêcher une modification d’arriver",
  choose: "Choisissez",
  forTicket: "En texte pour un ticket, sans noms",
  twice: "Pourquoi deux fois\u00a0?",
  askTwice: "Pourquoi est-ce arrivé deux fois\u00a0?",
  once: "Pourquoi, tout court\u00a0?",
  status: "État",
  more: "Il en est arrivé plus que ce qui est dit ici\u00a0: les plus récentes y sont.",
  timesIn: (zone) => `Les heures sont celles de ${zone}.`,
};

export function whyWords(language: Language): WhyWords {
  return language === "fr" ? FR : EN;
}
