import { html, type Markup } from "./markup.ts";
import { type Language, page } from "./page.ts";
import { type SurveyWords, surveyWords } from "./survey-words.ts";

export type SurveyView =
  | {
      readonly kind: "question";
      readonly language: Language;
      readonly title: string;
      readonly intro?: string;
      readonly questions: readonly SurveyQuestion[];
      /** Where the form is posted to; one field for each question, named by its id. */
      readonly action: string;
      /** Answers given so far: from the link in the mail, or from a form that lacked something. */
      readonly answers?: Readonly<Record<string, string>>;
      /** Ids of ratings that were not answered though the form was sent. */
      readonly missing?: readonly string[];
    }
  | {
      readonly kind: "thanks" | "already" | "invalid";
      readonly language: Language;
      /** Instead of the page's own words. */
      readonly title?: string;
      readonly message?: string;
    };

export type SurveyQuestion =
  | {
      readonly kind: "rating";
      readonly id: string;
      readonly text: string;
      readonly options: readonly { readonly value: string; readonly label: string }[];
    }
  | { readonly kind: "comment"; readonly id: string; readonly text: string; readonly maxLength?: number };

type Asking = Extract<SurveyView, { kind: "question" }>;

const STYLE = `
main { max-width: 36rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
.intro { margin: 0 0 1.5rem; color: var(--soft); white-space: pre-line; }
fieldset, .question { border: 0; margin: 0 0 1.25rem; padding: 1.25rem 1rem; background: var(--paper); border-radius: 12px; min-width: 0; }
legend { float: left; width: 100%; padding: 0; }
legend + * { clear: both; }
legend, .question label { font-size: 1.125rem; font-weight: 600; margin-bottom: .75rem; }
.question label { display: block; }
.question label span { color: var(--soft); font-size: 1rem; font-weight: 400; }
.options { display: grid; gap: .5rem; }
.scale { display: flex; flex-wrap: wrap; }
.options label { display: flex; align-items: center; gap: .75rem; min-height: 3rem; padding: .5rem .875rem; border: 1px solid var(--edge); border-radius: 8px; cursor: pointer; }
.scale label { gap: .5rem; padding: .5rem .75rem; }
.options label:has(:checked) { border-color: var(--accent); background: var(--chosen); box-shadow: inset 0 0 0 1px var(--accent); }
.options label:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; }
.options input { flex: none; width: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--accent); outline: 0; }
textarea { display: block; width: 100%; min-height: 8rem; padding: .75rem; border: 1px solid var(--edge); border-radius: 8px; background: var(--ground); color: inherit; font: inherit; resize: vertical; }
.problem { margin: 0 0 .75rem; color: var(--bad); font-weight: 600; }
button { width: 100%; min-height: 3.25rem; padding: .75rem 1.5rem; border: 0; border-radius: 8px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; }
@media (min-width: 30rem) { main { padding-top: 3rem; } fieldset, .question { padding: 1.5rem; } button { width: auto; } }
.said { margin-top: 10vh; padding: 2rem 1.5rem; background: var(--paper); border-radius: 12px; }
.said p { margin: 0; color: var(--soft); white-space: pre-line; }
@media (forced-colors: active) { .options label:has(:checked) { outline: 2px solid; } fieldset, .question, button { border: 1px solid; } }
`;

/** The survey as its reader sees it: a plain form that needs no script, or what there is to say instead. */
export function renderSurvey(view: SurveyView): string {
  const words = surveyWords(view.language);
  if (view.kind === "question") return page(view.language, view.title, STYLE, asking(view, words));
  const said = words[view.kind];
  const title = view.title ?? said.title;
  const body = html`<main><div class="said"><h1>${title}</h1><p>${view.message ?? said.message}</p></div></main>`;
  return page(view.language, title, STYLE, body);
}

function asking(view: Asking, words: SurveyWords): Markup {
  const lacks = view.missing !== undefined && view.missing.length > 0;
  return html`<main>
<h1>${view.title}</h1>
${view.intro === undefined ? "" : html`<p class="intro">${view.intro}</p>`}
${lacks ? html`<p class="problem" role="alert">${words.someMissing}</p>` : ""}
<form method="post" action="${view.action}">
${view.questions.map((question) => (question.kind === "rating" ? rating(question, view, words) : comment(question, view, words)))}
<button>${words.send}</button>
</form>
</main>`;
}

function rating(question: Extract<SurveyQuestion, { kind: "rating" }>, view: Asking, words: SurveyWords): Markup {
  const { id, text, options } = question;
  const missing = view.missing?.includes(id) === true;
  const short = options.every(({ label }) => label.length <= 3);
  return html`<fieldset${missing ? html` aria-describedby="missing-${id}"` : ""}>
<legend>${text}</legend>
${missing ? html`<p class="problem" id="missing-${id}">${words.missing}</p>` : ""}
<div class="options${short ? " scale" : ""}">
${options.map(
  ({ value, label }) =>
    html`<label><input type="radio" name="${id}" value="${value}" required${view.answers?.[id] === value ? html` checked` : ""}> ${label}</label>
`,
)}</div>
</fieldset>
`;
}

function comment(question: Extract<SurveyQuestion, { kind: "comment" }>, view: Asking, words: SurveyWords): Markup {
  const { id, text, maxLength = 2000 } = question;
  // The line break after the tag is dropped by the parser: without it, a first empty line of the answer would be.
  return html`<div class="question">
<label for="answer-${id}">${text} <span>(${words.optional})</span></label>
<textarea id="answer-${id}" name="${id}" maxlength="${maxLength}" rows="4">
${view.answers?.[id]}</textarea>
</div>
`;
}
