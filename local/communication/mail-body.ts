const ANCHOR = /<a\s[^>]*>/gi;
const HREF = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", quot: '"', lt: "<", gt: ">", "#39": "'", "#x27": "'" };

/** The web addresses that a mail links to, in their order, as a click would follow them. */
export function linksOf(mail: { readonly html: string; readonly text: string }): string[] {
  if (mail.html === "") return [...mail.text.matchAll(/https?:\/\/[^\s<>"')\]]+/g)].map(([link]) => link);
  return [...mail.html.matchAll(ANCHOR)].map(([tag]) => linkOf(tag)).filter((link) => link !== undefined);
}

/**
 * The mail's HTML with each web link led through `through(n)`, as the service's own tracking does, in a new window:
 * the frame that shows it may not navigate. What else is in there is left to the frame's sandbox.
 */
export function withTrackedLinks(html: string, through: (index: number) => string): string {
  let index = 0;
  return html.replace(ANCHOR, (tag) => {
    if (linkOf(tag) === undefined) return tag;
    const bare = tag.replace(HREF, "").replace(/\starget\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/i, "");
    return bare.replace(/^<a/i, `<a href="${through(index++)}" target="_blank" rel="noopener"`);
  });
}

function linkOf(tag: string): string | undefined {
  const href = HREF.exec(tag);
  const raw = href?.[1] ?? href?.[2] ?? href?.[3];
  const link = raw?.trim().replace(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name.toLowerCase()] ?? entity);
  return link !== undefined && /^https?:\/\//i.test(link) && URL.canParse(link) ? link : undefined;
}
