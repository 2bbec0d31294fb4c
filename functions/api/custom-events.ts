import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import type { Services } from "../../shared/services.ts";
import { keyUsed } from "../../shared/use-cases/check-key.ts";
import { readSnippets } from "../../shared/use-cases/read-snippets.ts";
import { type CustomReceived, receiveCustomEvents } from "../../shared/use-cases/receive-custom-events.ts";
import { problems } from "../../shared/wire/api.ts";
import { anyCustomEvents, eventsTaken, snippets } from "../../shared/wire/custom-event.ts";
import { missing, ok, type Route } from "./route.ts";

const KEY_HEADER = "x-parcours-key";
/** How long a browser may remember that it may send, in seconds. */
const PREFLIGHT_LIFETIME = 7_200;
const STATUS = {
  taken: 202,
  spilled: 202,
  invalid: 400,
  "wrong-key": 401,
  "foreign-origin": 403,
  missing: 404,
  "too-large": 413,
  throttled: 429,
  unavailable: 503,
} as const;

/** Events of other systems. They have keys of their own, so they answer without sign-in. */
export const customEventRoutes: readonly Route[] = [
  {
    name: "receive-events",
    method: "post",
    path: "/api/events/{trigger}",
    tag: "events",
    key: KEY_HEADER,
    role: "keyed",
    summary: "Fires a custom trigger: one event, or up to 100",
    description:
      "Without `idempotencyKey` the same content is the same event (within a day, where `occurredAt` is absent). " +
      "Person: one of `contact`, `lead`, `account` (an id), `email`, or `key` with `column` and `value`. " +
      "The browser key only takes `email` and `key`, and never tells whether a person is known.",
    params: { trigger: "slug of a published custom trigger" },
    request: anyCustomEvents,
    responses: {
      202: { description: "Taken: the outcome of each event, in their order", body: eventsTaken },
      400: { description: "What is wrong, and in which event; none was taken", body: problems },
      401: { description: "The key is not valid", body: problems },
      403: { description: "The browser key, from an origin that is not allowed", body: problems },
      404: { description: "No such trigger is published", body: problems },
      413: { description: "Too large a batch", body: problems },
      429: { description: "Too many: again after `Retry-After` seconds", body: problems },
      503: { description: "Could not be kept: send it again", body: problems },
    },
    handle: receive,
  },
  {
    name: "read-snippets",
    method: "get",
    path: "/api/triggers/{slug}/snippets",
    tag: "triggers",
    role: "author",
    summary: "How to fire a custom trigger from TypeScript, C#, Python, curl, a page, or Power Automate",
    responses: {
      200: { description: "Programs that run as they are", body: snippets },
      404: { description: "No such custom trigger", body: problems },
    },
    handle: async (request, deps) => {
      const { slug = "" } = request.params;
      const found = await readSnippets(slug, deps);
      return found === undefined ? missing(`custom trigger ${slug}`) : ok({ snippets: found });
    },
  },
  {
    name: "allow-events",
    method: "options",
    path: "/api/events/{trigger}",
    tag: "events",
    role: "everybody",
    summary: "Tells a browser whether pages of its origin may send events",
    responses: { 204: { description: "With CORS headers where they may" } },
    handle: async (request, deps) => {
      const allowed = corsHeaders(request, deps);
      if (allowed === undefined) return { status: 204 };
      const headers = {
        ...allowed,
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": `content-type, ${KEY_HEADER}`,
        "access-control-max-age": String(PREFLIGHT_LIFETIME),
      };
      return { status: 204, headers };
    },
  },
];

async function receive(request: HttpRequest, deps: Services, context: InvocationContext): Promise<HttpResponseInit> {
  const { trigger = "" } = request.params;
  const key = request.headers.get(KEY_HEADER) ?? undefined;
  const origin = request.headers.get("origin") ?? undefined;
  const received = await receiveCustomEvents({ trigger, key, origin, body: await request.text() }, deps);
  const events = "events" in received ? received.events.length : 0;
  const { ingestionKeys, browserKeys } = deps.settings;
  const keyId = keyUsed(key, [...ingestionKeys, ...browserKeys]);
  context.log("custom events received", { trigger, outcome: received.kind, events, key: keyId });
  const headers = { ...corsHeaders(request, deps), ...retryAfter(received) };
  return { status: STATUS[received.kind], headers, jsonBody: bodyOf(received) };
}

/** For pages of an allowed origin; every other page's browser keeps the answer from it. */
function corsHeaders(request: HttpRequest, deps: Services): Record<string, string> | undefined {
  const origin = request.headers.get("origin");
  if (origin === null || !deps.settings.browserOrigins.includes(origin)) return undefined;
  return { "access-control-allow-origin": origin, vary: "Origin" };
}

function retryAfter(received: CustomReceived): Record<string, string> {
  return received.kind === "throttled" ? { "retry-after": String(Math.ceil(received.retryAfterMs / 1000)) } : {};
}

function bodyOf(received: CustomReceived): unknown {
  switch (received.kind) {
    case "taken":
    case "spilled":
      return { events: received.events };
    case "invalid":
      return { problems: received.problems };
    case "throttled":
      return { problem: `too many events: send again in ${Math.ceil(received.retryAfterMs / 1000)} s` };
    default:
      return { problem: received.problem };
  }
}
