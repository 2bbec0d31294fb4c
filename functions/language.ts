import type { HttpRequest } from "@azure/functions";
import type { Language } from "./pages/page.ts";

/** What the reader asked for: by `?lang=`, else by the browser's own order of languages. */
export function preferredLanguage(request: HttpRequest): Language {
  const asked = request.query.get("lang");
  if (asked === "fr" || asked === "en") return asked;
  for (const part of (request.headers.get("accept-language") ?? "").split(",")) {
    const code = part.trim().slice(0, 2).toLowerCase();
    if (code === "fr" || code === "en") return code;
  }
  return "en";
}
