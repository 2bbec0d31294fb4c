/** The look of the operators' pages. On a phone each row of the table becomes a card with its labels. */
export const STATUS_STYLE = `
body { font-size: 1rem; }
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h2 { font-size: 1.125rem; margin: 2rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0 0 .5rem; }
h1 { margin: 0 0 1rem; }
.top + h1 { margin-top: .75rem; }
.top { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: .25rem 1.5rem; }
.soft { color: var(--soft); }
.journeys { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1rem; }
.journeys > li, .card { padding: 1rem 1.25rem; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; min-width: 0; }
.journeys h3 a { color: inherit; }
.journeys p { margin: .25rem 0 0; }
.gate { color: var(--warn); font-weight: 600; font-size: .9375rem; }
.counts { list-style: none; margin: .25rem 0 0; padding: 0; }
.counts a { display: flex; justify-content: space-between; align-items: center; gap: 1rem; min-height: 2.5rem; padding: .25rem .5rem; margin: 0 -.5rem; border-radius: 6px; color: inherit; text-decoration: none; }
.counts a:hover, .counts [aria-current] { background: var(--chosen); }
.counts a:hover .state { text-decoration: underline; }
.counts .number { font-weight: 650; font-variant-numeric: tabular-nums; }
.state::before { content: ""; display: inline-block; width: .625rem; height: .625rem; margin-inline-end: .5rem; border-radius: 50%; background: var(--mark, var(--edge)); }
.live { --mark: var(--accent); } .held { --mark: var(--warn); } .goal { --mark: var(--good); }
.exit, .stopped { --mark: transparent; } .exit::before, .stopped::before { border: 2px solid var(--edge); }
table { width: 100%; border-collapse: collapse; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; border-spacing: 0; }
th, td { padding: .625rem .875rem; text-align: start; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; font-size: .875rem; }
tbody th { font-weight: 400; }
th, td .state, td time { white-space: nowrap; }
td { overflow-wrap: anywhere; }
td:nth-child(2) { min-width: 12rem; }
tbody tr:last-child > * { border-bottom: 0; }
small { color: var(--soft); font-size: .8125rem; margin-inline-start: .25rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .375rem 1.25rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
code { font-size: .9375rem; overflow-wrap: anywhere; }
.card p { margin: 0 0 .75rem; }
.card dl + p { margin: .75rem 0 0; }
.trace { list-style: none; margin: 0; padding: 0; }
.trace li { position: relative; display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: 0 1rem; padding: 0 0 1.125rem 1.75rem; }
.trace li::before { content: ""; position: absolute; left: .25rem; top: .4rem; width: .75rem; height: .75rem; border-radius: 50%; background: var(--mark, var(--edge)); }
.trace li:not(:last-child)::after { content: ""; position: absolute; left: .5625rem; top: 1.3rem; bottom: -.25rem; width: 2px; background: var(--line); }
.trace time { color: var(--soft); font-variant-numeric: tabular-nums; }
.trace .good { --mark: var(--good); } .trace .warn { --mark: var(--warn); } .trace .bad { --mark: var(--bad); }
@media (max-width: 44rem) {
  table, tbody, tr, th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table { background: none; border: 0; margin-top: .75rem; }
  tbody tr { margin-bottom: .75rem; padding: .5rem 0; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; }
  tbody th, td { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: .75rem; border: 0; padding: .25rem 1rem; min-width: 0; white-space: normal; }
  td:nth-child(2) { min-width: 0; }
  td:empty { display: none; }
  [data-label]::before { content: attr(data-label); color: var(--soft); }
  .trace li { grid-template-columns: minmax(0, 1fr); }
}
@media (forced-colors: active) { .state::before, .trace li::before { forced-color-adjust: none; } }
`;
