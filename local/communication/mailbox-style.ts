/** The look of the mailbox: system fonts, light or dark as the reader's system, one column on a phone. */
export const MAILBOX_STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f5f7, #14171c); --paper: light-dark(#fff, #1d2127); --line: light-dark(#d5d9df, #363c46);
  --ink: light-dark(#1b1f26, #e8eaee); --soft: light-dark(#555d6b, #a9b1bf); --accent: light-dark(#0b5cad, #7db8f5);
  --on-accent: light-dark(#fff, #10202f); --chosen: light-dark(#e3effb, #22344a);
  --good: light-dark(#1a6b36, #7fd6a0); --bad: light-dark(#a3232b, #ff9c9c);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; z-index: 1; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.25rem; padding: 1rem 1.25rem; background: var(--paper); border-bottom: 1px solid var(--line); }
header .name { margin: 0; font-size: 1.25rem; font-weight: 650; }
header .name a { color: inherit; text-decoration: none; }
header p:not(.name) { margin: 0; color: var(--soft); }
.columns { display: grid; grid-template-columns: minmax(18rem, 26rem) minmax(0, 1fr); }
.list { border-right: 1px solid var(--line); min-height: calc(100vh - 4rem); padding: 1rem 0; }
.mail { margin: 0; padding: 1.25rem; max-width: 60rem; min-width: 0; }
.find { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0 1.25rem .75rem; align-items: end; }
.find label { flex: 1 1 100%; font-size: .875rem; color: var(--soft); margin-bottom: -.35rem; }
input, button { font: inherit; min-height: 2.75rem; border-radius: 6px; }
input { flex: 1 1 8rem; min-width: 0; padding: 0 .75rem; border: 1px solid var(--soft); background: var(--paper); color: inherit; }
button { padding: .4rem 1rem; border: 1px solid var(--accent); background: transparent; color: var(--accent); cursor: pointer; }
button.primary { background: var(--accent); color: var(--on-accent); }
.sum { display: flex; gap: 1rem; justify-content: space-between; padding: 0 1.25rem .5rem; margin: 0; color: var(--soft); font-size: .875rem; }
.mails { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line); }
.mails a { display: block; padding: .75rem 1.25rem; border-bottom: 1px solid var(--line); color: inherit; text-decoration: none; overflow-wrap: anywhere; }
.mails a:focus-visible { outline-offset: -3px; }
.mails a:hover, .mails [aria-current] { background: var(--chosen); }
.mails [aria-current] { box-shadow: inset 4px 0 var(--accent); }
.mails .top { display: flex; justify-content: space-between; gap: 1rem; font-size: .875rem; color: var(--soft); }
.mails time { white-space: nowrap; }
.mails .subject { display: block; font-weight: 600; }
.marks { display: flex; flex-wrap: wrap; gap: .25rem .75rem; font-size: .875rem; color: var(--soft); }
.good { color: var(--good); } .bad { color: var(--bad); }
.pages { display: flex; justify-content: space-between; padding: .75rem 1.25rem; }
.empty { padding: 0 1.25rem; color: var(--soft); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 0 0 .5rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1rem; margin: 0 0 1rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
iframe { display: block; width: 100%; height: min(70vh, 48rem); border: 1px solid var(--line); border-radius: 8px; background: #fff; }
.card { margin: 1.25rem 0; padding: 1rem 1.25rem; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; }
.card p { margin: 0 0 .75rem; color: var(--soft); }
.links { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; gap: .5rem; }
.card form + form { margin-top: .5rem; }
.links button { width: 100%; text-align: start; overflow-wrap: anywhere; }
details { margin: .75rem 0; } summary { cursor: pointer; padding: .5rem 0; color: var(--accent); }
pre { margin: 0; padding: 1rem; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
.back { display: none; }
@media (max-width: 48rem) {
  .columns { grid-template-columns: minmax(0, 1fr); }
  .list { border-right: 0; min-height: 0; }
  .reading .list { display: none; }
  .choosing .mail { display: none; }
  .back { display: inline-block; padding: .5rem 0; margin-bottom: .5rem; }
}
`;
