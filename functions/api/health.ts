import { z } from "zod";
import { ok, type Route } from "./route.ts";

const part = z.object({ ready: z.boolean(), reason: z.string().nullable(), ms: z.number() });
const answer = z.object({
  ready: z.boolean(),
  at: z.string(),
  parts: z.object({ bus: part, store: part, dataverse: part, mail: part }),
});

const UP = ok({ status: "up" });

/** For whoever watches from outside: neither tells anything that helps a stranger. */
export const healthRoutes: readonly Route[] = [
  {
    name: "health",
    method: "get",
    path: "/api/health",
    tag: "operations",
    summary: "Whether the app is up",
    role: "everybody",
    responses: { 200: { description: "It is" } },
    unset: UP,
    handle: async () => UP,
  },
  {
    name: "ready",
    method: "get",
    path: "/api/ready",
    tag: "operations",
    summary: "Whether bus, store, Dataverse and mail answer, each with its reason; asked every ten seconds at most",
    role: "everybody",
    responses: { 200: { description: "All do", body: answer }, 503: { description: "One does not", body: answer } },
    handle: async (_request, deps) => {
      const ready = await deps.readiness.read();
      return { status: ready.ready ? 200 : 503, jsonBody: ready, headers: { "cache-control": "no-store" } };
    },
  },
];
