import { html } from "./markup.ts";
import { type Language, page } from "./page.ts";

export interface UnsubscribeView {
  readonly language: Language;
  readonly kind: "asked" | "done" | "invalid" | "later";
  /** Where the button posts to. */
  readonly action: string;
}

interface Said {
  readonly title: string;
  readonly message: string;
}
type Words = Readonly<Record<UnsubscribeView["kind"], Said>> & { readonly button: string };

const EN: Words = {
  asked: {
    title: "Unsubscribe?",
    message:
      "You will get no more commercial e-mails from us at this address. What you need to know about your orders and requests still reaches you.",
  },
  button: "Unsubscribe",
  done: { title: "You are unsubscribed", message: "You can close this page." },
  invalid: {
    title: "This link is not complete",
    message: "A part of it got lost. Please open it again from the e-mail that you received.",
  },
  later: { title: "That did not work", message: "Nothing was changed. Please try again in a minute." },
};

const FR: Words = {
  asked: {
    title: "Se désabonner\u00a0?",
    message:
      "Vous ne recevrez plus d’e-mails commerciaux de notre part à cette adresse. Ce que vous devez savoir de vos commandes et de vos demandes continuera de vous parvenir.",
  },
  button: "Se désabonner",
  done: { title: "Votre désabonnement est enregistré", message: "Vous pouvez fermer cette page." },
  invalid: {
    title: "Ce lien est incomplet",
    message: "Il en manque une partie. Rouvrez-le depuis l’e-mail que vous avez reçu.",
  },
  later: { title: "Cela n’a pas fonctionné", message: "Rien n’a été modifié. Veuillez réessayer dans une minute." },
};

const STYLE = `
main { max-width: 36rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
.said { margin-top: 10vh; padding: 2rem 1.5rem; background: var(--paper); border-radius: 12px; }
.said p { margin: 0; color: var(--soft); }
form { margin-top: 1.5rem; }
button { width: 100%; min-height: 3.25rem; padding: .75rem 1.5rem; border: 0; border-radius: 8px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; }
@media (min-width: 30rem) { button { width: auto; } }
@media (forced-colors: active) { .said, button { border: 1px solid; } }
`;

/** One question with one button, which needs no script; or what became of it. */
export function renderUnsubscribe({ language, kind, action }: UnsubscribeView): string {
  const words = language === "fr" ? FR : EN;
  const { title, message } = words[kind];
  const form =
    kind === "asked" || kind === "later"
      ? html`<form method="post" action="${action}"><button>${words.button}</button></form>`
      : "";
  const body = html`<main><div class="said"><h1>${title}</h1><p>${message}</p>${form}</div></main>`;
  return page(language, title, STYLE, body);
}
