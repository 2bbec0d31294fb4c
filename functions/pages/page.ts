import { html, Markup } from "./markup.ts";

export type Language = "en" | "fr";

/** An instant as milliseconds since 1970 or as ISO 8601. */
export type Instant = number | string;

/** Headers for every page here: no script, nothing from elsewhere, no address of a page told to others, nothing kept. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

/** Colours and controls that all pages share. `light-dark` follows the reader's system. */
const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f3f4f7, #13161b); --paper: light-dark(#fff, #1c2027); --line: light-dark(#d4d8df, #373d48);
  --edge: light-dark(#6b7380, #8f98a8); --ink: light-dark(#1a1e25, #e9ebef); --soft: light-dark(#535b69, #abb3c1);
  --accent: light-dark(#0a5a9c, #82bdf7); --on-accent: light-dark(#fff, #0e1d2b); --chosen: light-dark(#e4f0fb, #21344a);
  --good: light-dark(#17693a, #7fd8a3); --warn: light-dark(#855200, #f2c063); --bad: light-dark(#a3212b, #ff9d9d);
}
*, ::before { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; text-wrap: balance; }
`;

/** A whole page around its main content. */
export function page(language: Language, title: string, style: string, body: Markup): string {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${new Markup(STYLE + style)}</style>
</head>
<body>
${body}
</body>
</html>
`.text;
}

/** An instant in the words of a language and a time zone; `exact` with its seconds. */
export function time(at: Instant, language: Language, timeZone: string, exact = false): Markup {
  const instant = new Date(at);
  const timeStyle = exact ? "medium" : "short";
  const shown = new Intl.DateTimeFormat(localeOf(language), { dateStyle: "medium", timeStyle, timeZone }).format(
    instant,
  );
  return html`<time datetime="${instant.toISOString()}">${shown}</time>`;
}

/** The locale whose dates and numbers a language's readers expect. */
export function localeOf(language: Language): string {
  return language === "fr" ? "fr-FR" : "en-GB";
}
