import { Eta } from "eta";
import { htmlToText } from "../shared/adapters/liquid/html-to-text.ts";
import { readerFor } from "../shared/adapters/liquid/reader.ts";
import { liquidTemplates } from "../shared/adapters/liquid/templates.ts";
import type { MailVariant } from "../shared/domain/mail.ts";
import type { RenderedMail, TemplateScope } from "../shared/ports/templates.ts";
import { atLeast, type Bench, type Line, secondsEach, shown } from "./bench.ts";

export { HTML, SUBJECT, scope, TEXT };
export const bench: Bench = {
  name: "mail",
  how: "The mail that a resolved case's customer gets: subject, HTML and text, options as labels, dates and amounts in French, a condition, a loop. The peer's templates are JavaScript, compiled once, escape by themselves and look labels up and format by the same cached Intl objects; both must write the same mail, letter for letter.",
  run: async () => [
    await contest("a mail with its own text", true, 0.5),
    await contest("its text made from the HTML", false),
  ],
};

async function contest(what: string, ownText: boolean, goal?: number): Promise<Line> {
  const templates = liquidTemplates();
  const variant: MailVariant = { subject: SUBJECT.liquid, html: HTML.liquid, ...(ownText && { text: TEXT.liquid }) };
  const peer = etaMail(ownText);
  const [one, other] = [await templates.render(variant, scope), peer()];
  for (const part of ["subject", "html", "text"] as const)
    if (one[part] !== other[part]) throw new Error(`they disagree about the ${part}:\n${one[part]}\n·\n${other[part]}`);

  // Nothing in a rendering waits: all of it is done when the promise is handed out.
  const [ours = 0, peers = 0] = secondsEach([() => void templates.render(variant, scope), peer]);
  const ratio = peers / ours;
  return {
    what,
    measured: shown(ours),
    peer: `eta ${shown(peers)}`,
    ratio,
    ...(goal !== undefined && { goal: atLeast(ratio, goal) }),
  };
}

function etaMail(ownText: boolean): () => RenderedMail {
  const escaping = new Eta({ autoEscape: true, autoTrim: false });
  const plain = new Eta({ autoEscape: false, autoTrim: false });
  const [subject, html, text] = [plain.compile(SUBJECT.eta), escaping.compile(HTML.eta), plain.compile(TEXT.eta)];
  return () => {
    const reader = readerFor(scope.language, scope.timeZone);
    const data = {
      ...scope,
      label: (path: string, value: number) => scope.labels[path]?.[value] ?? value,
      date: (moment: string) => reader.moment(Date.parse(moment), "long"),
      money: (amount: number) => reader.money(amount, "EUR"),
    };
    const body = escaping.render(html, data);
    return {
      subject: plain.render(subject, data),
      html: body,
      text: ownText ? plain.render(text, data) : htmlToText(body),
    };
  };
}

const scope: TemplateScope = {
  event: {
    ticketnumber: "CAS-01042-K7",
    title: "Roue voilée & frein <avant>",
    statecode: 1,
    statuscode: 5,
    prioritycode: 2,
    resolvedon: "2026-03-01T23:30:00.000Z",
    createdon: "2026-02-24T08:12:00.000Z",
    amount: 84.5,
    channels: [1, 3],
    customerid: { table: "contact", id: "5d9d9c0f-2f4b-4c5e-9f52-0a6a1a9d3f01", name: "Camille d'Aubigné" },
    description: null,
  },
  before: { statecode: 0 },
  record: { ownerid: { table: "systemuser", id: "9c0f5d9d-2f4b-4c5e-9f52-0a6a1a9d3f02", name: "Inès Roux" } },
  audience: { firstname: "Camille", lastname: "d'Aubigné", salutation: null },
  related: { productid: { name: "Boréal 28", price: 1290 } },
  survey: { ask: { link: "https://parcours.example.org/survey/k1.b3BlcmF0aW9u.c2lnbmF0dXJl" } },
  discount: { thanks: { code: "MERCI10" } },
  labels: {
    "event.statecode": { "0": "Actif", "1": "Résolu" },
    "event.statuscode": { "5": "Problème résolu" },
    "event.prioritycode": { "1": "Haute", "2": "Normale" },
    "event.channels": { "1": "Courriel", "3": "Téléphone" },
  },
  language: "fr",
  timeZone: "Europe/Paris",
};

interface Both {
  readonly liquid: string;
  readonly eta: string;
}

const SUBJECT: Both = {
  liquid: "{{ audience.firstname }}, votre demande {{ event.ticketnumber }} est close",
  eta: "<%= it.audience.firstname %>, votre demande <%= it.event.ticketnumber %> est close",
};

/** The frame of the mail, about as long as such mails are. */
function framed(content: string): string {
  const cell = 'style="font:16px/1.5 Arial,Helvetica,sans-serif;color:#1f2933;padding:16px 32px"';
  const rows = content.split("\n").map((row) => `<tr><td ${cell}>${row}</td></tr>`);
  return `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Atelier Boréal</title>
<style>@media (max-width:600px){.page{width:100%!important}}a{color:#0b6e4f}</style></head>
<body style="margin:0;background:#f4f5f7"><table role="presentation" class="page" width="600" align="center">
${rows.join("\n")}
</table></body></html>`;
}

const HTML: Both = {
  liquid: framed(
    `<img src="https://parcours.example.org/logo.png" alt="Atelier Boréal" width="160">
<h1>Bonjour {{ audience.salutation | default: audience.firstname }},</h1>
<p>Votre demande <b>{{ event.ticketnumber }}</b> ({{ event.title }}) est passée à «&nbsp;{{ event.statecode }}&nbsp;» le {{ event.resolvedon | moment: "long" }}.</p>
{% if event.statuscode == 5 %}<p>Motif&nbsp;: {{ event.statuscode }}, priorité {{ event.prioritycode }}.</p>{% else %}<p>Sans motif.</p>{% endif %}
<p>Vélo&nbsp;: {{ related.productid.name }}, facturé {{ event.amount | money: "EUR" }} ; reçue le {{ event.createdon | moment: "long" }}.</p>
<ul>{% for channel in event.channels %}<li>{{ channel }}</li>{% endfor %}</ul>
<p>{{ event.customerid }}, qu’avez-vous pensé de {{ record.ownerid }}&nbsp;? <a href="{{ survey.ask.link }}">Donnez votre avis</a></p>
{% if discount.thanks.code %}<p>Pour vous remercier&nbsp;: <b>{{ discount.thanks.code }}</b></p>{% endif %}{{ event.description }}
<p>À bientôt,<br>Atelier Boréal, 12 rue des Tanneurs, Lyon</p>`,
  ),
  eta: framed(
    `<img src="https://parcours.example.org/logo.png" alt="Atelier Boréal" width="160">
<h1>Bonjour <%= it.audience.salutation ?? it.audience.firstname %>,</h1>
<p>Votre demande <b><%= it.event.ticketnumber %></b> (<%= it.event.title %>) est passée à «&nbsp;<%= it.label("event.statecode", it.event.statecode) %>&nbsp;» le <%= it.date(it.event.resolvedon) %>.</p>
<% if (it.event.statuscode === 5) { %><p>Motif&nbsp;: <%= it.label("event.statuscode", it.event.statuscode) %>, priorité <%= it.label("event.prioritycode", it.event.prioritycode) %>.</p><% } else { %><p>Sans motif.</p><% } %>
<p>Vélo&nbsp;: <%= it.related.productid.name %>, facturé <%= it.money(it.event.amount) %> ; reçue le <%= it.date(it.event.createdon) %>.</p>
<ul><% for (const channel of it.event.channels) { %><li><%= it.label("event.channels", channel) %></li><% } %></ul>
<p><%= it.event.customerid.name %>, qu’avez-vous pensé de <%= it.record.ownerid.name %>&nbsp;? <a href="<%= it.survey.ask.link %>">Donnez votre avis</a></p>
<% if (it.discount.thanks?.code) { %><p>Pour vous remercier&nbsp;: <b><%= it.discount.thanks.code %></b></p><% } %><%= it.event.description ?? "" %>
<p>À bientôt,<br>Atelier Boréal, 12 rue des Tanneurs, Lyon</p>`,
  ),
};

const TEXT: Both = {
  liquid: `Bonjour {{ audience.salutation | default: audience.firstname }},

Votre demande {{ event.ticketnumber }} ({{ event.title }}) est passée à « {{ event.statecode }} » le {{ event.resolvedon | moment: "long" }}.
{% if event.statuscode == 5 %}Motif : {{ event.statuscode }}.{% endif %}
Votre avis : {{ survey.ask.link }}
{% if discount.thanks.code %}Pour vous remercier : {{ discount.thanks.code }}{% endif %}`,
  eta: `Bonjour <%= it.audience.salutation ?? it.audience.firstname %>,

Votre demande <%= it.event.ticketnumber %> (<%= it.event.title %>) est passée à « <%= it.label("event.statecode", it.event.statecode) %> » le <%= it.date(it.event.resolvedon) %>.
<% if (it.event.statuscode === 5) { %>Motif : <%= it.label("event.statuscode", it.event.statuscode) %>.<% } %>
Votre avis : <%= it.survey.ask.link %>
<% if (it.discount.thanks?.code) { %>Pour vous remercier : <%= it.discount.thanks.code %><% } %>`,
};
