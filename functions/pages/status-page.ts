import type { Refusal } from "../../shared/use-cases/access.ts";
import { html, type Markup } from "./markup.ts";
import { type Instant, type Language, localeOf, page, time } from "./page.ts";
import { STATUS_STYLE } from "./status-style.ts";
import { type RunState, type StatusWords, statusWords } from "./status-words.ts";

export interface RunsView {
  readonly language: Language;
  /** IANA name of the zone that times are shown in; UTC by default. */
  readonly timeZone?: string | undefined;
  readonly counts: readonly JourneyCount[];
  /** Journeys that an operator paused or stopped as a whole, by slug. */
  readonly gates?: Readonly<Record<string, "open" | "paused" | "stopped">>;
  readonly runs: readonly ListedRun[];
  readonly filter: RunFilter;
  /** Where the list goes on; opaque, given back as the parameter `next`. */
  readonly next?: string | undefined;
}

export interface JourneyCount {
  /** Slug. */
  readonly journey: string;
  readonly title: string;
  readonly state: RunState;
  readonly count: number;
  /** There are more than were counted. */
  readonly more?: boolean;
}

export interface ListedRun {
  readonly run: string;
  readonly journey: string;
  readonly state: RunState;
  /** When it entered. */
  readonly since: Instant;
  readonly waitingFor?: string | undefined;
  readonly until?: Instant | undefined;
}

export interface RunFilter {
  readonly journey?: string | undefined;
  readonly state?: RunState | undefined;
}

const ORDER: readonly RunState[] = ["live", "held", "goal", "exit", "completed", "stopped"];

/** The first page of the operators: how many runs stand where, and the list of them by journey and state. */
export function renderRuns(view: RunsView): string {
  const words = statusWords(view.language);
  const titles = new Map(view.counts.map(({ journey, title }) => [journey, title]));
  const body = html`<main>
<div class="top"><h1>Parcours – ${words.title}</h1><span><a href="/why">${words.why}</a> · <a href="${link(view.filter)}">${words.refresh}</a></span></div>
<h2 id="journeys">${words.journeys}</h2>
${titles.size === 0 ? html`<p class="soft">${words.noJourney}</p>` : html`<ul class="journeys" aria-labelledby="journeys">${[...titles].map(([slug, title]) => journey(slug, title, view, words))}</ul>`}
<div class="top"><h2 id="runs">${heading(view.filter, titles, words)}</h2>${filtered(view.filter) ? html`<a href="/">${words.allRuns}</a>` : ""}</div>
${view.runs.length === 0 ? html`<p class="soft">${words.noRun}</p>` : table(view, titles, words)}
${view.next === undefined ? "" : html`<p><a href="${toList(view.filter, view.next)}" rel="next">${words.older}</a></p>`}
${view.runs.length === 0 ? "" : html`<p class="soft">${words.timesIn(view.timeZone ?? "UTC")}</p>`}
</main>`;
  return page(view.language, `Parcours – ${words.title}`, STATUS_STYLE, body);
}

/** What everybody else is told: why they don't see the page, and where to sign in if that helps. */
export function renderRefusal(language: Language, kind: Refusal["kind"], path: string): string {
  const words = statusWords(language);
  const [title, hint] = words.refused[kind];
  const link = `/.auth/login/aad?post_login_redirect_uri=${encodeURIComponent(path)}`;
  const signIn = kind === "signed-out" ? html`<p><a href="${link}">${words.signIn}</a></p>` : "";
  const body = html`<main><h1>${title}</h1><p>${hint}</p>${signIn}</main>`;
  return page(language, title, STATUS_STYLE, body);
}

function heading({ journey, state }: RunFilter, titles: ReadonlyMap<string, string>, words: StatusWords): string {
  const parts = [
    ...(journey === undefined ? [] : [titles.get(journey) ?? journey]),
    ...(state === undefined ? [] : [words.states[state]]),
  ];
  return parts.length === 0 ? words.runs : `${words.runs} – ${parts.join(", ")}`;
}

function filtered(filter: RunFilter): boolean {
  return filter.journey !== undefined || filter.state !== undefined;
}

function journey(slug: string, title: string, view: RunsView, words: StatusWords): Markup {
  const { filter, gates = {} } = view;
  const shown = ORDER.flatMap((state) => view.counts.filter((it) => it.journey === slug && it.state === state)).filter(
    ({ count, more, state }) => count > 0 || more === true || (filter.journey === slug && filter.state === state),
  );
  const gate = gates[slug] ?? "open";
  return html`<li>
<h3><a href="${toList({ journey: slug })}" aria-label="${words.allOf(title)}">${title}</a></h3>
${gate === "open" ? "" : html`<p class="gate">${words.gates[gate]}</p>`}
${shown.length === 0 ? html`<p class="soft">${words.noRun}</p>` : html`<ul class="counts">${shown.map((count) => counted(count, view, words))}</ul>`}
</li>`;
}

function counted(
  { journey, state, count, more }: JourneyCount,
  { filter, language }: RunsView,
  words: StatusWords,
): Markup {
  const current = filter.journey === journey && filter.state === state ? html` aria-current="true"` : "";
  const counted = new Intl.NumberFormat(localeOf(language)).format(count);
  const number = more === true ? words.atLeast(counted) : counted;
  return html`<li><a href="${toList({ journey, state })}"${current}><span class="state ${state}">${words.states[state]}</span> <span class="number">${number}</span></a></li>
`;
}

/** Roles are spelt out, for a table shown as blocks on a phone loses them in some browsers. */
function table(view: RunsView, titles: ReadonlyMap<string, string>, words: StatusWords): Markup {
  const columns = [words.entered, words.journey, words.state, words.waitingFor, words.until];
  return html`<table role="table">
<thead role="rowgroup"><tr role="row">${columns.map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}</tr></thead>
<tbody role="rowgroup">
${view.runs.map((run) => row(run, view, titles, words))}
</tbody>
</table>`;
}

function row(run: ListedRun, view: RunsView, titles: ReadonlyMap<string, string>, words: StatusWords): Markup {
  const at = (instant: Instant) => time(instant, view.language, view.timeZone ?? "UTC");
  return html`<tr role="row">
<th role="rowheader" scope="row" data-label="${words.entered}"><span><a href="/runs/${encodeURIComponent(run.run)}">${at(run.since)}</a> <small>${run.run.slice(-6)}</small></span></th>
<td role="cell" data-label="${words.journey}">${titles.get(run.journey) ?? run.journey}</td>
<td role="cell" data-label="${words.state}"><span class="state ${run.state}">${words.states[run.state]}</span></td>
<td role="cell" data-label="${words.waitingFor}">${run.waitingFor}</td>
<td role="cell" data-label="${words.until}">${run.until === undefined ? "" : at(run.until)}</td>
</tr>
`;
}

/** To the list itself: it stands below all journeys. */
function toList(filter: RunFilter, next?: string): string {
  return `${link(filter, next)}#runs`;
}

function link({ journey, state }: RunFilter, next?: string): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ journey, state, next })) if (value !== undefined) query.set(name, value);
  return query.size === 0 ? "/" : `/?${query}`;
}
