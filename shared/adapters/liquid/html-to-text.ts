const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  copy: "©",
  reg: "®",
  trade: "™",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  laquo: "«",
  raquo: "»",
  bull: "•",
  middot: "·",
  euro: "€",
  pound: "£",
  eacute: "é",
  egrave: "è",
  agrave: "à",
  ccedil: "ç",
  zwnj: "",
  shy: "",
};

/** Elements whose content nobody reads. */
const HIDDEN = new Set(["style", "script", "head", "title", "template"]);
/** Elements that end a line, and those that leave an empty one around them. */
const LINES = new Set(["br", "div", "tr", "li", "ul", "ol", "table", "section", "header", "footer", "article", "hr"]);
const PARAGRAPHS = new Set(["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol"]);

/**
 * A mail's text part, made from its HTML: blocks become lines, list items get a dash, cells are set apart by spaces,
 * links stay as `words (address)`, pictures as their alternative text. Reads each character once, whatever the markup.
 */
export function htmlToText(html: string): string {
  const page = new Page();
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    if (open < 0) {
      page.words(html.slice(at));
      break;
    }
    page.words(html.slice(at, open));
    at = html.startsWith("<!--", open) ? after(html, "-->", open + 4) : page.tag(html, open);
  }
  return page.text();
}

class Page {
  readonly #done: string[] = [];
  #line = "";
  /** Whether a space here would be one too many. Asking the line's end would read it anew each time. */
  #spaced = true;
  /** Open links; `words` is what was written since, to tell a link that shows its own address. */
  readonly #links: { readonly address: string; words: string }[] = [];

  words(raw: string): void {
    if (raw === "") return;
    // No-break spaces stay what they are; every other white space is one space.
    const words = decode(raw).replace(/[ \t\r\n\f]+/g, " ");
    this.#write(this.#spaced && words.startsWith(" ") ? words.slice(1) : words);
  }

  /** Reads the tag that opens at `open`; answers where to go on. */
  tag(html: string, open: number): number {
    const closing = html[open + 1] === "/";
    const element = elementAt(html, open + (closing ? 2 : 1));
    if (element === undefined && !/[!?/]/.test(html[open + 1] ?? "")) {
      this.words("<");
      return open + 1;
    }
    const end = tagEnd(html, open + 1);
    if (element === undefined) return end;
    if (!closing && HIDDEN.has(element)) return after(html, `</${element}`, end, true);
    if (element === "br") this.#endLine();
    else if (PARAGRAPHS.has(element)) this.#paragraph();
    else if (LINES.has(element) && this.#line !== "") this.#endLine();
    if (!closing) this.#opened(element, html.slice(open, end));
    else if (element === "a") this.#closeLink();
    else if (element === "td" || element === "th") this.words(" ");
    return end;
  }

  text(): string {
    return [...this.#done, this.#line]
      .map((line) => line.replace(/[ \t]+$/, ""))
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim();
  }

  #write(words: string): void {
    if (words === "") return;
    this.#line += words;
    this.#spaced = words.endsWith(" ");
    const link = this.#links.at(-1);
    if (link !== undefined) link.words += words;
  }

  #endLine(): void {
    this.#done.push(this.#line);
    this.#line = "";
    this.#spaced = true;
  }

  /** An empty line between what was and what comes. */
  #paragraph(): void {
    if (this.#line !== "") this.#endLine();
    if (this.#done.length > 0 && this.#done.at(-1) !== "") this.#done.push("");
  }

  #opened(element: string, tag: string): void {
    if (element === "li") this.#write("- ");
    else if (element === "img") this.words(attribute(tag, "alt") ?? "");
    else if (element === "a") this.#links.push({ address: attribute(tag, "href") ?? "", words: "" });
  }

  #closeLink(): void {
    const link = this.#links.pop();
    if (link === undefined || !/^(https?|mailto|tel):/i.test(link.address)) return;
    const words = link.words.trim();
    const address = link.address.replace(/^(mailto|tel):/i, "");
    if (words === link.address || words === address) return;
    if (words === "") this.#write(address);
    else this.#write(this.#spaced ? `(${address})` : ` (${address})`);
  }
}

function elementAt(html: string, at: number): string | undefined {
  const name = /[A-Za-z][A-Za-z0-9]*/y;
  name.lastIndex = at;
  return name.exec(html)?.[0].toLowerCase();
}

/** Behind the `>` of the tag; one in a quoted attribute does not count. */
function tagEnd(html: string, from: number): number {
  let quote = "";
  for (let at = from; at < html.length; at++) {
    const character = html[at] ?? "";
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === ">") return at + 1;
  }
  return html.length;
}

/** Behind the next `mark`, or behind the tag that it opens; the end where there is none. */
function after(html: string, mark: string, from: number, isTag = false): number {
  const at = indexOfIgnoringCase(html, mark, from);
  if (at < 0) return html.length;
  return isTag ? tagEnd(html, at) : at + mark.length;
}

function indexOfIgnoringCase(html: string, mark: string, from: number): number {
  const found = new RegExp(mark.replace(/[^a-z]/gi, "\\$&"), "gi");
  found.lastIndex = from;
  return found.exec(html)?.index ?? -1;
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, "i").exec(tag);
  const value = found?.[1] ?? found?.[2] ?? found?.[3];
  return value === undefined ? undefined : decode(value).trim();
}

function decode(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
