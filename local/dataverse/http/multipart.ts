import { randomUUID } from "node:crypto";
import { badRequest } from "../errors.ts";
import type { ApiResponse } from "./api.ts";

/** One part of a multipart body. Header names in lower case. */
export interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string;
}

export function partsOf(body: string, boundary: string): Part[] {
  const escaped = boundary.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return body
    .split(new RegExp(`(?:^|\\r?\\n)--${escaped}(?:--)?[ \\t]*(?=\\r?\\n|$)`))
    .slice(1)
    .map((text) => partOf(text.replace(/^\r?\n/, "")))
    .filter((part) => part.content.trim() !== "");
}

/** Header lines up to an empty one, then the content. */
export function partOf(text: string): Part {
  const found = /^((?:[\w-]+:[^\r\n]*\r?\n)*)\r?\n?([\s\S]*)$/.exec(text);
  const headers: Record<string, string> = {};
  for (const line of (found?.[1] ?? "").split(/\r?\n/)) {
    const at = line.indexOf(":");
    if (at > 0) headers[line.slice(0, at).trim().toLowerCase()] = line.slice(at + 1).trim();
  }
  return { headers, content: found?.[2] ?? "" };
}

/** @throws ODataError 400 */
export function boundaryOf(contentType: string | undefined): string {
  const found = /boundary="?([^";\s]+)"?/i.exec(contentType ?? "")?.[1];
  if (found === undefined) throw badRequest("The batch request has no boundary.", "0x80060888");
  return found;
}

export function multipart(kind: string, parts: readonly string[], status = 200): ApiResponse {
  const boundary = `${kind}_${randomUUID()}`;
  const body = `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("")}--${boundary}--\r\n`;
  return { status, headers: { "Content-Type": `multipart/mixed; boundary=${boundary}` }, body };
}
