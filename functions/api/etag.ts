/** Before the store's own mark: what does not begin so was never an ETag of ours, and no store gets to see it. */
const OURS = "p:";

/** The store's own mark as HTTP writes one: quoted, and of characters that every proxy lets through. */
export function toETag(mark: string): string {
  return `"${Buffer.from(OURS + mark).toString("base64url")}"`;
}

/** The store's mark out of `If-Match`; a proxy may have called it weak. */
export function fromIfMatch(header: string | null): { readonly mark: string | undefined } | "strange" {
  if (header === null) return { mark: undefined };
  const tag = header.trim().replace(/^W\//, "").replaceAll('"', "");
  const text = Buffer.from(tag, "base64url").toString();
  return text.startsWith(OURS) ? { mark: text.slice(OURS.length) } : "strange";
}
