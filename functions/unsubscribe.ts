import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import type { Services } from "../shared/services.ts";
import { mayUnsubscribe, unsubscribe } from "../shared/use-cases/unsubscribe.ts";
import { serve } from "./endpoint.ts";
import { preferredLanguage } from "./language.ts";
import { PAGE_HEADERS } from "./pages/page.ts";
import { renderUnsubscribe, type UnsubscribeView } from "./pages/unsubscribe-page.ts";

export async function showUnsubscribe(request: HttpRequest, deps: Services): Promise<HttpResponseInit> {
  const may = mayUnsubscribe(request.params.token ?? "", deps);
  return may ? page(200, "asked", request) : page(404, "invalid", request);
}

/** By the button of the page, or by that of a mail program (RFC 8058): whatever the form says, the token decides. */
export async function postUnsubscribe(request: HttpRequest, deps: Services): Promise<HttpResponseInit> {
  try {
    const outcome = await unsubscribe(request.params.token ?? "", deps);
    return outcome === "unsubscribed" ? page(200, "done", request) : page(404, "invalid", request);
  } catch {
    return page(503, "later", request);
  }
}

function page(status: number, kind: UnsubscribeView["kind"], request: HttpRequest): HttpResponseInit {
  const action = new URL(request.url).pathname;
  const view: UnsubscribeView = { language: preferredLanguage(request), kind, action };
  return { status, headers: PAGE_HEADERS, body: renderUnsubscribe(view) };
}

// The token in the link is signed: it says which address this is about.
serve({
  name: "unsubscribe-show",
  route: "unsubscribe/{token}",
  methods: ["GET", "HEAD"],
  role: "keyed",
  handle: (request, deps) => showUnsubscribe(request, deps),
});
serve({
  name: "unsubscribe",
  route: "unsubscribe/{token}",
  methods: ["POST"],
  role: "keyed",
  handle: (request, deps) => postUnsubscribe(request, deps),
});
