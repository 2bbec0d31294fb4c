/** What the page of "why?" adds to the look of the operators' pages. */
export const WHY_STYLE = `
form.card { display: grid; gap: .75rem; max-width: 48rem; }
form p { margin: 0; display: grid; gap: .25rem; }
form small { margin: 0; }
form input, form select { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--edge); border-radius: 6px; padding: .5rem .625rem; min-width: 0; width: 100%; }
form .buttons { display: flex; flex-wrap: wrap; gap: .75rem; }
form button { font: inherit; min-height: 2.75rem; padding: .25rem 1rem; border-radius: 6px; border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent); cursor: pointer; }
form button + button { background: none; color: var(--accent); }
.answer { font-size: 1.25rem; line-height: 1.35; margin: 1.5rem 0 .5rem; text-wrap: pretty; }
main h3 { margin: 1.5rem 0 .75rem; }
.links .outcome { color: var(--soft); }
.sides { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
.sides .trace li { grid-template-columns: minmax(0, 1fr); }
.choices { padding-inline-start: 1.25rem; }
.choices a { display: inline-block; padding: .375rem 0; }
details.card { margin-bottom: .5rem; }
summary { cursor: pointer; }
`;
