import type { Phrases } from "./phrases.ts";

/** French puts a space that does not break before a colon and inside quotation marks. */
const COLON = "\u00a0: ";

export const french: Phrases = {
  locale: "fr-FR",
  quoted: (name) => `«\u00a0${name}\u00a0»`,

  entered: (trigger) => `Entrée par ${trigger}`,
  mail: (name) => `l’e-mail ${name}`,
  survey: (name) => `l’enquête ${name}`,
  step: (id) => `l’étape ${id}`,
  cameTo: (what) => `Arrivée à ${what}`,
  aCode: "l’étape du code de réduction",
  aBranch: "la condition d’attribut",
  theExit: "la sortie",
  waitsUntil: (when) => `Attente jusqu’au ${when}`,
  waitsForUntil: (what, when) => `Attente de ${what}, jusqu’au ${when} au plus tard`,

  sent: (what) => `Envoi de ${what}`,
  suppressed: (why) => `Non envoyé${COLON}${why}`,
  suppressedWhy: {
    "no-consent": "la personne a retiré son consentement",
    "no-address": "la personne n’a pas d’adresse e-mail",
    inactive: "la fiche de la personne est inactive",
    "person-missing": "la fiche de la personne n’existe plus",
  },
  failed: (what, why) => `Échec de ${what}${COLON}${why}`,
  unknown: (what) => `On ignore le sort de ${what}${COLON}le fournisseur d’e-mail n’a jamais répondu`,
  drew: "Code de réduction attribué",
  chose: (arm) => `Branche${COLON}${arm}`,
  choseNone: `Branche${COLON}aucune condition remplie`,
  waitOver: "L’attente est finie",
  unanswered: (survey) => `Pas de réponse à temps à ${survey}`,
  inVain: (trigger) => `${trigger} ne s’est pas produit à temps`,
  answered: (survey) => `Réponse à ${survey}`,
  happened: (trigger) => `${trigger} s’est produit`,
  interactions: {
    "survey-answered": "Réponse à une enquête",
    "mail-delivered": "E-mail remis",
    "mail-bounced": "E-mail rejeté",
    "mail-opened": "E-mail ouvert",
    "mail-clicked": "Clic sur un lien d’un e-mail",
    "contact-merged": "Contact fusionné",
  },
  held: (why) => `Retenu${COLON}${why}`,
  heldWhy: {
    lease: "le fournisseur d’e-mail n’a pas encore répondu",
    throttled: "la limite du fournisseur d’e-mail est atteinte",
    "no-answer": "le fournisseur d’e-mail ne dit pas si l’e-mail est parti",
    "pool-empty": "il ne reste plus de code de réduction",
    paused: "suspendu par un opérateur",
    dataverse: "Dataverse refuse la lecture",
  },
  goal: (name) => `Objectif atteint${COLON}${name}`,
  exit: (name) => `Sortie du parcours${COLON}${name}`,
  completed: "Arrivée à la fin du parcours",
  paused: "Suspendu par un opérateur",
  resumed: "Repris par un opérateur",
  stopped: "Arrêté par un opérateur",
  moved: (to) => `Déplacé par un opérateur vers ${to}`,
  migrated: (version) => `Migré vers la version ${version}`,
  other: "Un fait que cette version de Parcours ne sait pas nommer",

  waits: {
    timeOver: "la fin de l’attente",
    answer: (survey) => `une réponse à ${survey}`,
    held: {
      lease: "la réponse du fournisseur d’e-mail",
      throttled: "que la limite du fournisseur d’e-mail le permette",
      "no-answer": "de savoir si l’e-mail est parti",
      "pool-empty": `des codes de réduction${COLON}il n’en reste plus`,
      paused: "sa reprise par un opérateur",
      dataverse: "que Dataverse se laisse lire",
    },
  },
};
