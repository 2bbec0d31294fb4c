import type { TwiceTold } from "../../shared/use-cases/why/answer-twice.ts";
import type { WhyAnswer } from "../../shared/use-cases/why/answer-why.ts";
import { html, type Markup } from "./markup.ts";
import { type Language, page, time } from "./page.ts";
import { STATUS_STYLE } from "./status-style.ts";
import { WHY_STYLE } from "./why-style.ts";
import { type WhyWords, whyWords } from "./why-words.ts";

export interface WhyView {
  readonly language: Language;
  /** What was asked; both empty before the first question. */
  readonly about: string;
  readonly journey: string | undefined;
  readonly journeys: readonly { readonly slug: string; readonly name: string }[];
  /** Undefined before the first question. */
  readonly told:
    | { readonly kind: "why"; readonly answer: WhyAnswer }
    | { readonly kind: "twice"; readonly answer: TwiceTold }
    | undefined;
}

type Answered = Extract<WhyAnswer, { kind: "answer" }>;
type Twice = Extract<TwiceTold, { kind: "answer" }>;
type Link = Answered["chain"][number];

/** One box, and the answer under it: first what it is, then what would change it, then the chain. */
export function renderWhy(view: WhyView): string {
  const words = whyWords(view.language);
  const body = html`<main>
<div class="top"><h1>Parcours – ${words.title}</h1><a href="/">${words.status}</a></div>
${form(view, words)}
${view.told === undefined ? "" : told(view.told, view, words)}
</main>`;
  return page(view.language, `Parcours – ${words.title}`, STATUS_STYLE + WHY_STYLE, body);
}

function form({ about, journey, journeys, language }: WhyView, words: WhyWords): Markup {
  const option = (slug: string, name: string): Markup =>
    slug === (journey ?? "")
      ? html`<option value="${slug}" selected>${name}</option>`
      : html`<option value="${slug}">${name}</option>`;
  return html`<form class="card" method="get" action="/why" role="search">
<input type="hidden" name="lang" value="${language}">
<p><label for="about">${words.about}</label><input id="about" name="about" value="${about}" maxlength="2000" required aria-describedby="about-hint"><small id="about-hint">${words.aboutHint}</small></p>
<p><label for="journey">${words.journey}</label><select id="journey" name="journey">${option("", words.anyJourney)}${journeys.map(({ slug, name }) => option(slug, name))}</select></p>
<p class="buttons"><button>${words.ask}</button> <button name="twice" value="1">${words.askTwice}</button></p>
</form>`;
}

function told(it: NonNullable<WhyView["told"]>, view: WhyView, words: WhyWords): Markup {
  const { answer } = it;
  if (answer.kind === "nobody") return first(answer.answer, html`<p>${answer.mend}</p>`);
  if (answer.kind === "choices") return first(answer.answer, choices(answer.choices, it.kind, view, words));
  return it.kind === "twice" ? twice(answer as Twice, view, words) : why(answer as Answered, view, words);
}

function first(answer: string, more: Markup): Markup {
  return html`<section aria-live="polite" aria-labelledby="answer"><h2 id="answer" class="answer">${answer}</h2>
${more}</section>`;
}

function choices(
  list: readonly { readonly about: string; readonly label: string }[],
  kind: "why" | "twice",
  view: WhyView,
  words: WhyWords,
): Markup {
  return html`<ul class="choices" aria-label="${words.choose}">${list.map(
    ({ about, label }) => html`<li><a href="${address({ ...view, about }, kind)}">${label}</a></li>
`,
  )}</ul>`;
}

function why(answer: Answered, view: WhyView, words: WhyWords): Markup {
  const { subject, timeZone } = answer;
  const ticket = `/api/why?${query({ about: subject, journey: view.journey, language: view.language, format: "text" })}`;
  return html`${first(answer.answer, html`<p><b>${words.mend}</b> ${answer.mend}</p>`)}
<p class="actions"><a href="${ticket}">${words.forTicket}</a> · <a href="${address({ ...view, about: subject }, "twice")}">${words.twice}</a></p>
${answer.chain.length === 0 ? "" : html`<h3 id="chain">${words.chain}</h3>${chain(answer.chain, "chain", timeZone, view)}`}
${answer.causes.length === 0 ? "" : html`<h3 id="causes">${words.causes}</h3>${causes(answer, view)}`}
${answer.also.length === 0 ? "" : html`<h3 id="also">${words.also}</h3><ul aria-labelledby="also">${answer.also.map(({ at, answer: text }) => html`<li>${time(at, view.language, timeZone)} – ${text}</li>`)}</ul>`}
${answer.changes.length === 0 ? "" : html`<h3 id="changes">${words.changes}</h3><p class="soft">${words.changesHint}</p>${answer.changes.map((change) => changed(change, timeZone, view))}`}
${answer.more ? html`<p class="soft">${words.more}</p>` : ""}
<p class="soft">${words.timesIn(timeZone)}</p>`;
}

function twice(answer: Twice, view: WhyView, words: WhyWords): Markup {
  const { timeZone } = answer;
  const sides = answer.sides.map(
    (side, n) => html`<section class="card" aria-labelledby="side-${n}"><h3 id="side-${n}">${side.title}</h3>
${side.change === null ? "" : html`<p>${time(side.change.at, view.language, timeZone)} – ${side.change.text} ${moved(side.change.moved)}</p>`}
${chain(side.chain, `side-${n}`, timeZone, view)}</section>
`,
  );
  return html`${first(answer.answer, html`<p><b>${words.mend}</b> ${answer.mend}</p>`)}
<p class="actions"><a href="${address({ ...view, about: view.about }, "why")}">${words.once}</a></p>
<div class="sides">${sides}</div>
<p class="soft">${words.timesIn(timeZone)}</p>`;
}

const MARKS: Readonly<Record<Link["outcome"], string>> = { yes: "good", no: "bad", "not-reached": "", unknown: "warn" };

function chain(links: readonly Link[], labelledBy: string, timeZone: string, { language }: WhyView): Markup {
  return html`<ol class="trace links" aria-labelledby="${labelledBy}">${links.map(
    (
      link,
    ) => html`<li class="${MARKS[link.outcome]}"><span><b>${link.label}</b><br><span class="outcome">${link.outcomeLabel}</span>${link.at === null ? "" : html`<br>${time(link.at, language, timeZone)}`}</span><span>${link.text}</span></li>
`,
  )}</ol>`;
}

function causes({ causes: list }: Answered, _view: WhyView): Markup {
  const marks = { found: "bad", unknown: "warn", "ruled-out": "" };
  return html`<ol class="trace links" aria-labelledby="causes">${list.map(
    ({ label, verdict, verdictLabel, text }) =>
      html`<li class="${marks[verdict]}"><span><b>${verdictLabel}</b></span><span><b>${label}</b><br>${text}</span></li>
`,
  )}</ol>`;
}

function changed(change: Answered["changes"][number], timeZone: string, { language }: WhyView): Markup {
  return html`<details class="card"><summary>${time(change.at, language, timeZone)} – ${change.text}</summary>
<p>${moved(change.moved)}</p>
<ul>${change.triggers.map(({ text, journeys }) => html`<li>${text}${journeys.length === 0 ? "" : html`<ul>${journeys.map((line) => html`<li>${line}</li>`)}</ul>`}</li>`)}</ul>
</details>
`;
}

function moved(list: readonly { readonly label: string; readonly before: string; readonly after: string }[]): string {
  return list.map(({ label, before, after }) => `${label}: ${before} → ${after}`).join(" · ");
}

function address(
  { about, journey, language }: Pick<WhyView, "about" | "journey" | "language">,
  kind: "why" | "twice",
): string {
  return `/why?${query({ about, journey, lang: language, twice: kind === "twice" ? "1" : undefined })}`;
}

function query(parts: Readonly<Record<string, string | undefined>>): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) if (value !== undefined) asked.set(name, value);
  return String(asked);
}
