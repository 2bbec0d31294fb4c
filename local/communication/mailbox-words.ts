import type { DeliveryStatus } from "./event-grid.ts";

export type Language = "en" | "fr";

/** Every word of the mailbox's pages. */
export interface Words {
  readonly title: string;
  readonly nothingLeaves: string;
  readonly skip: string;
  readonly mails: (count: number) => string;
  readonly none: string;
  readonly noneFor: (address: string) => string;
  readonly choose: string;
  readonly searchLabel: string;
  readonly search: string;
  readonly all: string;
  readonly refresh: string;
  readonly back: string;
  readonly newer: string;
  readonly older: string;
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  readonly bcc: string;
  readonly replyTo: string;
  readonly sentAt: string;
  readonly attachments: string;
  readonly status: Readonly<Record<DeliveryStatus, string>>;
  readonly opened: (times: number) => string;
  readonly clicked: (times: number) => string;
  readonly reading: string;
  readonly reportOpen: string;
  readonly reportHint: string;
  readonly notTracked: string;
  readonly links: string;
  readonly unsubscribe: string;
  readonly plainText: string;
  readonly technical: string;
  readonly noSubject: string;
  readonly content: (subject: string) => string;
  readonly remove: string;
  readonly notFound: string;
}

const EN: Words = {
  title: "Mailbox",
  nothingLeaves: "No mail leaves this machine. What you see here was kept, not sent.",
  skip: "Skip to the mail",
  mails: (count) => (count === 1 ? "1 mail" : `${count} mails`),
  none: "No mail yet. What the app sends shows up here.",
  noneFor: (address) => `No mail to ${address}.`,
  choose: "Choose a mail to read it.",
  searchLabel: "Recipient's address",
  search: "Search",
  all: "All mails",
  refresh: "Refresh",
  back: "Back to all mails",
  newer: "Newer",
  older: "Older",
  from: "From",
  to: "To",
  cc: "Copy",
  bcc: "Blind copy",
  replyTo: "Reply to",
  sentAt: "Sent",
  attachments: "Attachments",
  status: {
    Delivered: "Delivered",
    Suppressed: "Suppressed",
    Bounced: "Bounced",
    Quarantined: "In quarantine",
    FilteredSpam: "Taken for spam",
    Expanded: "Sent on to a list",
    Failed: "Failed",
  },
  opened: (times) => (times === 1 ? "opened" : `opened ${times} times`),
  clicked: (times) => (times === 1 ? "1 click" : `${times} clicks`),
  reading: "What the reader does",
  reportOpen: "Report as opened",
  reportHint: "The app hears of it as it would from Azure.",
  notTracked: "The sender declined tracking: nothing is reported.",
  links: "Links in this mail",
  unsubscribe: "Unsubscribe, as the mail program's own button does",
  plainText: "Plain text",
  technical: "Headers and ids",
  noSubject: "(no subject)",
  content: (subject) => `Content of the mail “${subject}”`,
  remove: "Delete",
  notFound: "This mail does not exist, or was deleted.",
};

const FR: Words = {
  title: "Boîte aux lettres",
  nothingLeaves: "Aucun e-mail ne quitte cette machine. Ceux que vous voyez ici ont été gardés, pas envoyés.",
  skip: "Aller au message",
  mails: (count) => (count < 2 ? `${count} e-mail` : `${count} e-mails`),
  none: "Pas encore d’e-mail. Ceux que l’application envoie apparaissent ici.",
  noneFor: (address) => `Aucun e-mail pour ${address}.`,
  choose: "Choisissez un e-mail pour le lire.",
  searchLabel: "Adresse du destinataire",
  search: "Chercher",
  all: "Tous les e-mails",
  refresh: "Actualiser",
  back: "Retour à tous les e-mails",
  newer: "Plus récents",
  older: "Plus anciens",
  from: "De",
  to: "À",
  cc: "Copie",
  bcc: "Copie cachée",
  replyTo: "Réponse à",
  sentAt: "Envoyé",
  attachments: "Pièces jointes",
  status: {
    Delivered: "Remis",
    Suppressed: "Bloqué",
    Bounced: "Rejeté",
    Quarantined: "En quarantaine",
    FilteredSpam: "Pris pour du spam",
    Expanded: "Transmis à une liste",
    Failed: "Échec",
  },
  opened: (times) => (times < 2 ? "ouvert" : `ouvert ${times} fois`),
  clicked: (times) => (times < 2 ? "1 clic" : `${times} clics`),
  reading: "Ce que fait le lecteur",
  reportOpen: "Signaler comme ouvert",
  reportHint: "L’application l’apprend comme elle l’apprendrait d’Azure.",
  notTracked: "L’expéditeur a refusé le suivi : rien n’est signalé.",
  links: "Liens de cet e-mail",
  unsubscribe: "Se désabonner, comme par le bouton du logiciel de messagerie",
  plainText: "Texte brut",
  technical: "En-têtes et identifiants",
  noSubject: "(sans objet)",
  content: (subject) => `Contenu de l’e-mail « ${subject} »`,
  remove: "Supprimer",
  notFound: "Cet e-mail n’existe pas, ou a été supprimé.",
};

export function wordsOf(language: Language): Words {
  return language === "fr" ? FR : EN;
}

/** The first of our languages that a browser asks for; English where it asks for neither. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const asked = (acceptLanguage ?? "").split(",").map((part) => {
    const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
    const weight = parameters.map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1]).find((q) => q !== undefined);
    return { language: tag.split("-")[0], weight: Number(weight ?? 1) };
  });
  const ours = asked.filter(({ language, weight }) => (language === "fr" || language === "en") && weight > 0);
  return ours.toSorted((a, b) => b.weight - a.weight)[0]?.language === "fr" ? "fr" : "en";
}
