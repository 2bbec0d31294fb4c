import type { CausePhrases } from "./cause-phrases.ts";

const AND = new Intl.ListFormat("fr-FR", { type: "conjunction" });

export const frenchCauses: CausePhrases = {
  names: {
    "not-in-save": "L’enregistrement ne portait pas sur ce qu’écoute un déclencheur",
    bypassed: "L’enregistrement a contourné la logique de Dataverse",
    "registration-off": "Dataverse n’avait pas à prévenir Parcours",
    "webhook-lost": "Le message de Dataverse à Parcours s’est perdu",
    "before-trigger": "La modification date d’avant la publication du déclencheur",
    "older-than-kept": "La modification est plus ancienne que ce qui est conservé",
    "another-environment": "Elle a été faite dans un autre environnement, ou n’est plus dans celui-ci",
    stuck: "Son message est arrivé, et attend quelque part",
  },
  verdicts: { found: "constaté", "ruled-out": "exclu", unknown: "impossible à dire" },

  onlyCreated: (when) =>
    `La fiche a été créée le ${when} et n’a pas changé depuis, et aucun déclencheur de cette table n’écoute les créations.`,
  noTriggerOfTable: "Aucun déclencheur de cette table n’est publié\u00a0: personne n’écoute.",
  listened: (triggers) => AND.format(triggers),
  listenedAny: (trigger) => `${trigger} écoute toutes les colonnes.`,
  listensToNothing: "rien",
  listens: (trigger, to) => `${trigger} écoute ${to}`,
  unchangedSince: (columns, when) =>
    `${columns} sont comme à la dernière modification arrivée (${when})\u00a0: l’enregistrement d’après portait sur d’autres colonnes.`,
  movedSince: (columns, when) => `${columns} ont une autre valeur qu’à la dernière modification arrivée (${when}).`,
  columnsUnknown: (triggers) =>
    `Dataverse ne dit pas sur quelles colonnes portait un enregistrement. À comparer avec ce qui est écouté\u00a0: ${AND.format(triggers)}.`,
  noChangeSince: (when) =>
    `La fiche a été enregistrée pour la dernière fois le ${when}\u00a0: pas après la dernière modification arrivée.`,

  bypassedByExclusion:
    "La valeur a changé, l’inscription est active et aucun message n’a échoué\u00a0: quelqu’un a enregistré sans la logique personnalisée, comme le font certains imports et outils.",
  bypassedUnknown: "Dataverse n’en garde pas trace. Demandez qui a enregistré, et avec quel outil.",
  bypassedNot: "Il n’y a pas d’enregistrement qui ne soit pas arrivé.",

  faults: {
    "endpoint-missing": "Dataverse ne sait pas où la dire",
    "endpoint-elsewhere": "Dataverse la dit à une autre adresse",
    "step-missing": "aucune étape n’est inscrite pour cela",
    "step-off": "l’étape inscrite est désactivée",
    "columns-missing": "l’étape inscrite omet des colonnes qu’un déclencheur écoute",
  },
  offSince: (what, since, by) =>
    `Maintenant\u00a0: ${what}${since === null ? "" : `, depuis le ${since}`}${by === null ? "" : `, par ${by}`}.`,
  offThen: (from, to) => `Elle n’était pas comme il faut du ${from} au ${to}.`,
  registrationFine: "L’inscription est là et active, et personne n’y a touché alors.",
  registrationUnknown: "Dataverse n’a pas pu être interrogé.",
  registrationOfNoTrigger: "Aucun déclencheur publié n’a besoin d’une inscription de cette table.",

  jobFailed: (when, message) => `Dataverse y a renoncé le ${when}${message === null ? "" : `\u00a0: ${message}`}.`,
  jobWaiting: (when) => `Dataverse ne l’a pas encore envoyé\u00a0: il attend depuis le ${when}.`,
  noJob: "Dataverse n’a ni message échoué ni message en attente sur cette fiche.",
  jobsUnknown: "Les tâches système de Dataverse n’ont pas pu être consultées.",

  changedBefore: (changed, published) =>
    `Dernier enregistrement le ${changed}\u00a0; premier déclencheur de cette table publié le ${published}.`,
  changedWhileStopped: (changed) =>
    `Au dernier enregistrement, le ${changed}, aucun déclencheur de cette table n’était publié.`,
  changedAfter: (changed, published) =>
    `Dernier enregistrement le ${changed}\u00a0; un déclencheur de cette table est publié depuis le ${published}.`,
  publishedUnknown: "La date de première publication du déclencheur n’a pas été conservée.",

  tooOld: (changed, days) => `Dernier enregistrement le ${changed}\u00a0; ce qui arrive est conservé ${days} jours.`,
  kept: (changed, days) => `Dernier enregistrement le ${changed}, dans les ${days} jours conservés.`,
  changeTimeUnknown: "La date du dernier enregistrement n’a pas pu être demandée.",

  otherHost: (asked, connected) => `L’adresse mène à ${asked}\u00a0; ce Parcours est relié à ${connected}.`,
  foreign: (when) => `Une modification en est venue d’une autre organisation le ${when}, et a été mise de côté.`,
  rowMissing: "L’organisation reliée n’a pas cette fiche\u00a0: elle est d’une autre, ou a été supprimée.",
  sameEnvironment: "L’organisation reliée a cette fiche.",
  environmentUnknown: "On n’a pas pu demander à Dataverse s’il a cette fiche.",

  parked: (where, when, reason) => `${where} le ${when}\u00a0: ${reason}.`,
  spilled: "Il attend que le bus accepte à nouveau des messages.",
  deadUnknown:
    "Rien de ce qui a été mis de côté n’en parle\u00a0; le bus n’a pas pu être interrogé sur ses lettres mortes.",
  deadLettered: "Il est parmi les lettres mortes du bus.",
  notStuck: (lookedAt) =>
    lookedAt === null
      ? "Rien de ce qui a été mis de côté n’en parle."
      : `Des ${lookedAt} messages mis de côté les plus récents, aucun n’en parle.`,

  mend: {
    "not-in-save":
      "Un enregistrement qui porte sur ce que le déclencheur écoute, ou un déclencheur qui écoute davantage.",
    bypassed:
      "Faire enregistrer l’outil sans contourner la logique. Si le suivi des modifications de la table est activé, Parcours trouve de lui-même ces enregistrements quelques minutes plus tard.",
    "registration-off": "La réactiver dans Dataverse, ou régler PARCOURS_MEND_DRIFT=on\u00a0: Parcours le fait alors.",
    "webhook-lost": "Refaire la modification, ou attendre\u00a0: Parcours cherche de lui-même les messages perdus.",
    "before-trigger": "Une nouvelle modification, ou un rattrapage depuis la page du déclencheur.",
    "older-than-kept": "Rien\u00a0: augmenter le réglage PARCOURS_KEPT_DAYS garde les prochaines plus longtemps.",
    "another-environment": "Chercher dans le Parcours de cet environnement.",
    stuck: "Voir les messages mis de côté, et le rejouer.",
    none: "Faire la modification une fois, et revenir ici.",
  },
  noneFound: "Aucune des causes vérifiables n’est la raison.",
  sources: {
    malformed: "Arrivé sous une forme illisible et mis de côté",
    foreign: "Arrivé d’une autre organisation et mis de côté",
    permanent: "Impossible à traiter et mis de côté",
    unknown: "Arrivé sans valeurs, si bien que personne ne sait ce qu’il déclenche, et mis de côté",
    transient: "Impossible à traiter pour le moment et mis de côté, à réessayer",
  },
};
