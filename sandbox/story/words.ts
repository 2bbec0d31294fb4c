/** What the first three minutes say, in one language. Plain spaces throughout: a terminal breaks no lines there. */
export interface Words {
  readonly locale: string;
  readonly parts: Readonly<Record<"bus" | "dataverse" | "mailbox" | "control" | "app", string>>;
  readonly unpacked: (from: string, to: string) => string;
  readonly making: string;
  readonly made: (days: number) => string;
  readonly goesOn: (at: string) => string;
  readonly bare: string;
  readonly ready: (seconds: string) => string;
  readonly story: string;
  readonly storyAgain: string;
  readonly storyStopped: (why: string) => string;
  readonly reports: (who: string, title: string) => string;
  readonly resolves: (ticket: string) => string;
  readonly surveys: (subject: string) => string;
  readonly answers: string;
  readonly apologises: (code: string) => string;
  readonly waits: string;
  readonly orders: (number: string) => string;
  readonly goal: (number: string) => string;
  readonly links: Readonly<Record<"status" | "mailbox" | "explorer", string>>;
  readonly noMailLeaves: string;
  readonly tryIt: string;
  readonly cards: Readonly<Record<"resolve" | "open" | "answer" | "skip" | "why" | "kill", readonly [string, string]>>;
  readonly running: (log: string) => string;
  readonly alreadyRunning: (app: string) => string;
  readonly portTaken: (port: number, free: number | undefined) => string;
  readonly otherVersion: string;
  readonly stopping: string;
  /** Of the sixth card. */
  readonly load: {
    readonly notUp: string;
    readonly begins: (runs: number) => string;
    readonly killed: (pid: number) => string;
    readonly counted: (runs: number, lost: number, twice: number) => string;
  };
}

const ENGLISH: Words = {
  locale: "en-GB",
  parts: {
    bus: "Service Bus",
    dataverse: "Dataverse",
    mailbox: "Mailbox",
    control: "Clock and controls",
    app: "Parcours",
  },
  unpacked: (from, to) => `Atelier Boréal, bicycles, Lyon and Bristol: sixty days of history, ${from} to ${to}.`,
  making: "The sixty days of Atelier Boréal were made by another version: they are made anew, which takes a minute …",
  made: (days) => `  ${days} days of 60`,
  goesOn: (at) => `The sandbox goes on where it stopped: ${at}.`,
  bare: "Everything is up and empty: no company, no journeys.",
  ready: (seconds) => `Ready after ${seconds} s.`,
  story: "Camille's story, in virtual time:",
  storyAgain: "Camille's story, as it was told before:",
  storyStopped: (why) => `The story stops here: ${why}`,
  reports: (who, title) => `${who} reports: “${title}” (“The cargo bike brakes badly since its service”).`,
  resolves: (ticket) => `The workshop resolves case ${ticket} in Dataverse.`,
  surveys: (subject) => `Parcours sends her the survey: “${subject}”`,
  answers: "Camille answers: very dissatisfied.",
  apologises: (code) => `Parcours apologises, with 10 % off her next order: ${code}.`,
  waits: "Three days go by: the clock is moved on.",
  orders: (number) => `Camille orders new brakes: ${number}.`,
  goal: (number) => `The journey ends, goal reached: order ${number}`,
  links: { status: "Runs and journeys", mailbox: "Mailbox", explorer: "Dataverse explorer" },
  noMailLeaves: "No mail can leave this machine: every one of them ends in the mailbox above.",
  tryIt: "Try it yourself: paste into another terminal",
  cards: {
    resolve: ["1  Resolve Oliver's case", "or with the button in the explorer:"],
    open: ["2  Open his survey", "or read it in the mailbox:"],
    answer: ["3  Answer “very dissatisfied”; the discount mail comes", "and lies here:"],
    skip: ["4  Skip seven days: Jeanne never answered, her time limit is reached", "her two cases:"],
    why: ["5  Why did Hugo get nothing?", "his run says it in plain words:"],
    kill: [
      "6  For engineers: kill the app while 200 runs are under way",
      "then counts what was lost and what was sent twice",
    ],
  },
  running: (log) =>
    `It stays up until Ctrl-C, and the next start goes on from here (npm start -- --reset starts over). Log: ${log}`,
  alreadyRunning: (app) =>
    `A sandbox is running here already: ${app}\nStop it with Ctrl-C, or give this one a state of its own: --data DIR --port-base N`,
  portTaken: (port, free) =>
    `Port ${port} is taken by another program. Stop that one, or move all ports:\n  npm start -- --port-base ${free ?? "N"}`,
  otherVersion:
    "The state that is kept here was made by another version of Parcours. To start over:\n  npm start -- --reset",
  stopping: "Stopping …",
  load: {
    notUp: "No sandbox is up here: npm start first.",
    begins: (runs) => `${runs} leads come in, each enters the webinar's journey …`,
    killed: (pid) => `  the app (pid ${pid}) is killed with SIGKILL`,
    counted: (runs, lost, twice) => `${runs} runs, counted in the mailbox: lost ${lost}, sent twice ${twice}.`,
  },
};

const FRENCH: Words = {
  locale: "fr-FR",
  parts: {
    bus: "Service Bus",
    dataverse: "Dataverse",
    mailbox: "Boîte aux lettres",
    control: "Horloge et commandes",
    app: "Parcours",
  },
  unpacked: (from, to) => `Atelier Boréal, vélos, Lyon et Bristol : soixante jours d'historique, du ${from} au ${to}.`,
  making: "L'historique d'Atelier Boréal date d'une autre version : il est refait, comptez une minute…",
  made: (days) => `  ${days} jours sur 60`,
  goesOn: (at) => `Le bac à sable reprend où il s'était arrêté : ${at}.`,
  bare: "Tout est démarré, et vide : ni entreprise, ni parcours.",
  ready: (seconds) => `Prêt en ${seconds} s.`,
  story: "L'histoire de Camille, en temps virtuel :",
  storyAgain: "L'histoire de Camille, déjà racontée :",
  storyStopped: (why) => `L'histoire s'arrête ici : ${why}`,
  reports: (who, title) => `${who} signale : « ${title} ».`,
  resolves: (ticket) => `L'atelier résout l'incident ${ticket} dans Dataverse.`,
  surveys: (subject) => `Parcours lui envoie l'enquête : « ${subject} »`,
  answers: "Camille répond : très insatisfaite.",
  apologises: (code) => `Parcours lui présente ses excuses, et 10 % sur sa prochaine commande : ${code}.`,
  waits: "Trois jours passent : on avance l'horloge.",
  orders: (number) => `Camille commande des freins neufs : ${number}.`,
  goal: (number) => `Le parcours se termine, objectif atteint : commande ${number}`,
  links: { status: "Parcours et passages", mailbox: "Boîte aux lettres", explorer: "Explorateur Dataverse" },
  noMailLeaves: "Aucun courriel ne peut quitter cette machine : tous finissent dans la boîte aux lettres ci-dessus.",
  tryIt: "À vous d'essayer : à coller dans un autre terminal",
  cards: {
    resolve: ["1  Résolvez l'incident d'Oliver", "ou avec le bouton de l'explorateur :"],
    open: ["2  Ouvrez son enquête", "ou lisez-la dans la boîte aux lettres :"],
    answer: ["3  Répondez « très insatisfait » : le courriel de remise arrive", "le voici :"],
    skip: ["4  Sautez sept jours : Jeanne n'a jamais répondu, son délai expire", "ses deux incidents :"],
    why: ["5  Pourquoi Hugo n'a-t-il rien reçu ?", "son passage le dit en toutes lettres :"],
    kill: [
      "6  Pour les ingénieurs : tuez l'application pendant 200 passages",
      "puis compte ce qui s'est perdu et ce qui est parti deux fois",
    ],
  },
  running: (log) =>
    `Tout reste en marche jusqu'à Ctrl-C ; le prochain démarrage reprend ici (npm start -- --reset repart de zéro). Journal : ${log}`,
  alreadyRunning: (app) =>
    `Un bac à sable tourne déjà ici : ${app}\nArrêtez-le avec Ctrl-C, ou donnez à celui-ci son propre état : --data DOSSIER --port-base N`,
  portTaken: (port, free) =>
    `Le port ${port} est pris par un autre programme. Arrêtez-le, ou déplacez tous les ports :\n  npm start -- --port-base ${free ?? "N"}`,
  otherVersion:
    "L'état gardé ici vient d'une autre version de Parcours. Pour repartir de zéro :\n  npm start -- --reset",
  stopping: "Arrêt…",
  load: {
    notUp: "Aucun bac à sable n'est démarré ici : lancez d'abord npm start.",
    begins: (runs) => `${runs} prospects arrivent, chacun entre dans le parcours du webinaire…`,
    killed: (pid) => `  l'application (pid ${pid}) est tuée par SIGKILL`,
    counted: (runs, lost, twice) =>
      `${runs} passages, comptés dans la boîte aux lettres : ${lost} perdu, ${twice} envoyé deux fois.`,
  },
};

export type Language = "fr" | "en";

export const WORDS: Readonly<Record<Language, Words>> = { fr: FRENCH, en: ENGLISH };

/** A moment as people of Lyon read it. */
export function moment(words: Words, at: number | string): string {
  return new Intl.DateTimeFormat(words.locale, {
    weekday: "short",
    day: "2-digit",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Europe/Paris",
  }).format(new Date(at));
}

export function day(words: Words, at: number | string): string {
  return new Intl.DateTimeFormat(words.locale, { day: "numeric", month: "long", timeZone: "Europe/Paris" }).format(
    new Date(at),
  );
}
