import { linksOf } from "./mail-body.ts";
import type { Mail } from "./mail-store.ts";
import { MAILBOX_STYLE } from "./mailbox-style.ts";
import { type Language, type Words, wordsOf } from "./mailbox-words.ts";
import { html, Markup } from "./markup.ts";

/** What a page shows: one page of the list and, where one was chosen, a mail. */
export interface MailboxView {
  readonly language: Language;
  readonly mails: readonly Mail[];
  readonly count: number;
  /** The recipient that the list is narrowed to. */
  readonly to?: string | undefined;
  /** Addresses of the neighbouring pages of the list. */
  readonly newer?: string | undefined;
  readonly older?: string | undefined;
  readonly chosen?: Mail | undefined;
  /** Instead of a mail. */
  readonly problem?: string | undefined;
}

/** The whole page: on a desktop list and mail side by side, on a phone one of them. */
export function renderMailbox(view: MailboxView): string {
  const words = wordsOf(view.language);
  const reading = view.chosen !== undefined || view.problem !== undefined;
  const title = view.chosen === undefined ? words.title : `${subjectOf(view.chosen, words)} – ${words.title}`;
  return html`<!doctype html>
<html lang="${view.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Markup(MAILBOX_STYLE)}</style>
</head>
<body class="${reading ? "reading" : "choosing"}">
${reading ? html`<a class="skip" href="#mail">${words.skip}</a>` : ""}
<header>
${reading ? html`<p class="name"><a href="/">${words.title}</a></p>` : html`<h1 class="name">${words.title}</h1>`}
<p>${words.nothingLeaves}</p>
</header>
<div class="columns">
${reading ? html`<nav class="list" aria-label="${words.all}">${list(view, words)}</nav>` : html`<main class="list">${list(view, words)}</main>`}
${detail(view, words)}
</div>
</body>
</html>`.text;
}

function detail({ chosen, problem, language }: MailboxView, words: Words): Markup {
  if (chosen !== undefined)
    return html`<main class="mail" id="mail" tabindex="-1">${mail(chosen, language, words)}</main>`;
  if (problem !== undefined)
    return html`<main class="mail" id="mail" tabindex="-1"><h1>${problem}</h1><p><a href="/">${words.back}</a></p></main>`;
  return html`<aside class="mail empty"><p>${words.choose}</p></aside>`;
}

function list(view: MailboxView, words: Words): Markup {
  const { mails, to, newer, older } = view;
  const nothing = to === undefined ? words.none : words.noneFor(to);
  return html`<form class="find" action="/" method="get" role="search">
<label for="to">${words.searchLabel}</label>
<input id="to" name="to" type="search" value="${to}" autocomplete="off"><button>${words.search}</button>
</form>
<p class="sum"><span>${words.mails(view.count)}</span> <a href="/">${to === undefined ? words.refresh : words.all}</a></p>
${mails.length === 0 ? html`<p class="empty">${nothing}</p>` : html`<ul class="mails">${mails.map((mail) => row(mail, view, words))}</ul>`}
<p class="pages">
<span>${newer === undefined ? "" : html`<a href="${newer}" rel="prev">${words.newer}</a>`}</span>
<span>${older === undefined ? "" : html`<a href="${older}" rel="next">${words.older}</a>`}</span>
</p>`;
}

function row(mail: Mail, view: MailboxView, words: Words): Markup {
  const current = mail.id === view.chosen?.id ? html` aria-current="page"` : "";
  return html`<li><a href="/messages/${mail.id}"${current}>
<span class="top"><span>${mail.to}</span> ${time(mail.sentAt, view.language)}</span>
<span class="subject">${subjectOf(mail, words)}</span>
<span class="marks">${marks(mail, words)}</span>
</a></li>
`;
}

/** What became of a mail, in a few words. */
function marks(mail: Mail, words: Words): Markup[] {
  const statuses = [...new Set(mail.delivery.map(({ status }) => status))];
  return [
    ...statuses.map(
      (status) => html`<span class="${status === "Delivered" ? "good" : "bad"}">${words.status[status]}</span> `,
    ),
    ...(mail.opens > 0 ? [html`<span>${words.opened(mail.opens)}</span> `] : []),
    ...(mail.clicks > 0 ? [html`<span>${words.clicked(mail.clicks)}</span>`] : []),
  ];
}

function mail(mail: Mail, language: Language, words: Words): Markup {
  const subject = subjectOf(mail, words);
  const facts: readonly (readonly [string, string])[] = [
    [words.from, mail.from],
    [words.to, mail.to],
    [words.cc, mail.cc],
    [words.bcc, mail.bcc],
    [words.replyTo, mail.replyTo],
    [words.attachments, mail.attachments.join(", ")],
  ];
  return html`<a class="back" href="/">${words.back}</a>
<h1>${subject}</h1>
<dl>
${facts.filter(([, value]) => value !== "").map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
<dt>${words.sentAt}</dt><dd>${time(mail.sentAt, language)} <span class="marks">${marks(mail, words)}</span></dd>
</dl>
${
  mail.html === ""
    ? html`<pre>${mail.text}</pre>`
    : html`<iframe src="/messages/${mail.id}/body" title="${words.content(subject)}" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`
}
${reader(mail, words)}
${mail.html !== "" && mail.text !== "" ? html`<details><summary>${words.plainText}</summary><pre>${mail.text}</pre></details>` : ""}
<details><summary>${words.technical}</summary>
<dl>
${Object.entries({ ...mail.headers, "Operation-Id": mail.operationId, Id: mail.id }).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
</dl>
</details>
<form method="post" action="/messages/${mail.id}/delete"><button>${words.remove}</button></form>`;
}

/** Buttons for what a reader of the mail can do, each of which the app hears about. */
function reader(mail: Mail, words: Words): Markup {
  const links = [...new Set(linksOf(mail))];
  const unsubscribe = oneClickUnsubscribe(mail.headers);
  const action = `/mailbox/messages/${mail.id}`;
  return html`<section class="card" aria-labelledby="reader">
<h2 id="reader">${words.reading}</h2>
<p>${mail.tracked ? words.reportHint : words.notTracked}</p>
<form method="post" action="${action}/open"><button class="primary">${words.reportOpen}</button></form>
${unsubscribe === undefined ? "" : html`<form method="post" action="${unsubscribe}" target="_blank"><button name="List-Unsubscribe" value="One-Click">${words.unsubscribe}</button></form>`}
${
  links.length === 0
    ? ""
    : html`<ul class="links" aria-label="${words.links}">
${links.map((link) => html`<li><form method="post" action="${action}/click" target="_blank"><button name="url" value="${link}">${link}</button></form></li>`)}
</ul>`
}
</section>`;
}

/** Where a mail program posts to when its reader unsubscribes with one click (RFC 8058). */
function oneClickUnsubscribe(given: Mail["headers"]): string | undefined {
  const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  if (headers["list-unsubscribe-post"]?.trim() !== "List-Unsubscribe=One-Click") return undefined;
  return /<(https?:\/\/[^>]+)>/i.exec(headers["list-unsubscribe"] ?? "")?.[1];
}

function subjectOf(mail: Mail, words: Words): string {
  return mail.subject.trim() === "" ? words.noSubject : mail.subject;
}

function time(iso: string, language: Language): Markup {
  const locale = language === "fr" ? "fr-FR" : "en-GB";
  const shown = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
  return html`<time datetime="${iso}">${shown}</time>`;
}
