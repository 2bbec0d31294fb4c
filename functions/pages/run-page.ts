import { html, type Markup } from "./markup.ts";
import { type Instant, type Language, page, time } from "./page.ts";
import { STATUS_STYLE } from "./status-style.ts";
import { type RunState, type StatusWords, statusWords } from "./status-words.ts";

export interface RunView {
  readonly language: Language;
  /** IANA name of the zone that times are shown in; UTC by default. */
  readonly timeZone?: string | undefined;
  readonly run: {
    readonly run: string;
    /** Slug. */
    readonly journey: string;
    readonly title?: string | undefined;
    readonly version?: number | undefined;
    readonly state: RunState;
    /** When it entered. */
    readonly since: Instant;
    readonly ended?: Instant | undefined;
    /** Who, and about which record, as the caller wants them named. */
    readonly person?: string | undefined;
    readonly record?: string | undefined;
  };
  /** Oldest first; `text` in plain words of the view's language. */
  readonly trace: readonly TraceLine[];
  readonly waitsFor?: string | undefined;
  readonly until?: Instant | undefined;
  /** When what holds it is looked at again. */
  readonly nextTry?: Instant | undefined;
  readonly durable: {
    readonly id: string;
    /** The engine's own word; without, there is no instance. */
    readonly status?: string | undefined;
    readonly url?: string | undefined;
  };
}

export interface TraceLine {
  readonly at: Instant;
  readonly text: string;
  /** The kind of fact, as in the domain: decides the mark beside it. */
  readonly kind: string;
}

const MARKS: Readonly<Record<string, "good" | "warn" | "bad">> = {
  goal: "good",
  completed: "good",
  held: "warn",
  suppressed: "warn",
  unknown: "warn",
  paused: "warn",
  failed: "bad",
};

/** One run: where it stands, what it waits for, all that happened to it, and the instance that carries it. */
export function renderRun(view: RunView): string {
  const words = statusWords(view.language);
  const title = view.run.title ?? view.run.journey;
  const body = html`<main>
<div class="top"><a href="/?journey=${encodeURIComponent(view.run.journey)}">${words.allOf(title)}</a><a href="/runs/${encodeURIComponent(view.run.run)}">${words.refresh}</a></div>
<h1>${words.run} – ${title}</h1>
<div class="card">${standing(view, words)}</div>
<h2 id="trace">${words.trace}</h2>
${view.trace.length === 0 ? html`<p class="soft">${words.noTrace}</p>` : html`<ol class="trace" aria-labelledby="trace">${view.trace.map((line) => happened(line, view))}</ol>`}
<h2>${words.engine}</h2>
<div class="card">${instance(view.durable, words)}</div>
<p class="soft">${words.timesIn(view.timeZone ?? "UTC")}</p>
</main>`;
  return page(view.language, `${words.run} – ${title}`, STATUS_STYLE, body);
}

/** What is said where there is no such run. */
export function renderNoRun(language: Language): string {
  const words = statusWords(language);
  const body = html`<main><h1>${words.notFound}</h1><p>${words.notFoundHint}</p><p><a href="/">${words.allRuns}</a></p></main>`;
  return page(language, words.notFound, STATUS_STYLE, body);
}

function standing(view: RunView, words: StatusWords): Markup {
  const { run } = view;
  return html`<dl>
<dt>${words.state}</dt><dd><span class="state ${run.state}">${words.states[run.state]}</span></dd>
${fact(words.waitingFor, view.waitsFor)}${fact(words.until, at(view.until, view))}${fact(words.nextTry, at(view.nextTry, view))}
${fact(words.entered, at(run.since, view))}${fact(words.ended, at(run.ended, view))}
${fact(words.person, run.person)}${fact(words.record, run.record)}${fact(words.version, run.version)}
</dl>`;
}

function fact(name: string, value: Markup | string | number | undefined): Markup | undefined {
  return value === undefined ? undefined : html`<dt>${name}</dt><dd>${value}</dd>`;
}

function at(instant: Instant | undefined, view: RunView, exact = false): Markup | undefined {
  return instant === undefined ? undefined : time(instant, view.language, view.timeZone ?? "UTC", exact);
}

function happened({ at: instant, text, kind }: TraceLine, view: RunView): Markup {
  return html`<li class="${MARKS[kind]}">${at(instant, view, true)} <span>${text}</span></li>
`;
}

function instance({ id, status, url }: RunView["durable"], words: StatusWords): Markup {
  return html`<p class="soft">${words.engineHint}</p>
<dl><dt>${words.engineId}</dt><dd><code>${id}</code></dd><dt>${words.engineStatus}</dt><dd>${status ?? words.noEngine}</dd></dl>
${url === undefined ? "" : html`<p><a href="${url}">${words.engineOpen}</a></p>`}`;
}
