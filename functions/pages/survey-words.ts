import type { Language } from "./page.ts";

/** What the survey page says by itself; questions and thanks of an author come with the view. */
export interface SurveyWords {
  readonly send: string;
  readonly optional: string;
  readonly missing: string;
  readonly someMissing: string;
  readonly thanks: Said;
  readonly already: Said;
  readonly invalid: Said;
}

interface Said {
  readonly title: string;
  readonly message: string;
}

const EN: SurveyWords = {
  send: "Send my answer",
  optional: "optional",
  missing: "Please choose an answer.",
  someMissing: "An answer is missing. Please have a look below.",
  thanks: { title: "Thank you!", message: "Your answer has arrived. You can close this page." },
  already: { title: "You have already answered", message: "We have your answer. Thank you! You can close this page." },
  invalid: {
    title: "This link does not work any more",
    message: "It may have expired, or a part of it got lost. Please open it again from the e-mail that you received.",
  },
};

const FR: SurveyWords = {
  send: "Envoyer ma réponse",
  optional: "facultatif",
  missing: "Veuillez choisir une réponse.",
  someMissing: "Il manque une réponse. Merci de vérifier ci-dessous.",
  thanks: { title: "Merci\u00a0!", message: "Votre réponse nous est bien parvenue. Vous pouvez fermer cette page." },
  already: {
    title: "Vous avez déjà répondu",
    message: "Nous avons bien votre réponse, merci\u00a0! Vous pouvez fermer cette page.",
  },
  invalid: {
    title: "Ce lien ne fonctionne plus",
    message: "Il a peut-être expiré, ou il en manque une partie. Rouvrez-le depuis l’e-mail que vous avez reçu.",
  },
};

export function surveyWords(language: Language): SurveyWords {
  return language === "fr" ? FR : EN;
}
