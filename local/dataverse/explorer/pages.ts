import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ApiResponse } from "../http/api.ts";

const TYPES = { html: "text/html", css: "text/css", js: "text/javascript" } as const;

/** The explorer's files by their address; nothing else is served. */
const FILES: Readonly<Record<string, keyof typeof TYPES>> = {
  "explorer.html": "html",
  "explorer.css": "css",
  "explorer.js": "js",
  "dom.js": "js",
  "import.js": "js",
  "lists.js": "js",
  "row-form.js": "js",
  "texts.js": "js",
  "web-api.js": "js",
};

/** The page on which one changes rows by hand; it uses nothing but the Web API. */
export function explorerPage(path: string): ApiResponse {
  const file = path === "/" ? "explorer.html" : path.replace(/^\/explorer\//, "");
  const type = FILES[file];
  if (!type) return { status: 404, headers: { "Content-Type": "text/plain" }, body: "Not found" };
  return {
    status: 200,
    headers: {
      "Content-Type": `${TYPES[type]}; charset=utf-8`,
      "Cache-Control": "no-cache",
      "Content-Security-Policy": "default-src 'self'",
    },
    body: readFileSync(join(import.meta.dirname, file), "utf8"),
  };
}
