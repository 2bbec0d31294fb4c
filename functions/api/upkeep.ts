import { listDecisions } from "../../shared/use-cases/list-decisions.ts";
import { replayParkedById } from "../../shared/use-cases/replay.ts";
import { codes, parkedKind, problems } from "../../shared/wire/api.ts";
import { issuesOf } from "../../shared/wire/issues.ts";
import { inPath, invalid, jsonOf, missing, ok, type Route } from "./route.ts";

const PAGE = 100;

/** Discount codes, reasons, and what could not be worked on. */
export const upkeepRoutes: readonly Route[] = [
  {
    name: "add-codes",
    method: "post",
    path: "/api/discount-pools/{pool}/codes",
    tag: "discounts",
    role: "author",
    audit: { action: "add-codes", subject: inPath("discount-pool", "pool") },
    summary: "Adds codes to a pool; one that it has, drawn or not, stays as it is",
    request: codes,
    responses: { 200: { description: "How many were new" }, 400: { description: "What is wrong", body: problems } },
    handle: async (request, deps) => {
      const given = codes.safeParse(await jsonOf(request));
      if (!given.success) return invalid(issuesOf(given.error));
      return ok({ added: await deps.codes.add(request.params.pool ?? "", given.data.codes) });
    },
  },
  {
    name: "read-pool",
    method: "get",
    path: "/api/discount-pools/{pool}",
    tag: "discounts",
    role: "reader",
    summary: "How many codes a pool has left",
    responses: { 200: { description: "The number of free codes" } },
    handle: async (request, deps) => ok({ free: await deps.codes.free(request.params.pool ?? "") }),
  },
  {
    name: "read-decisions",
    method: "get",
    path: "/api/decisions",
    tag: "decisions",
    role: "operator",
    audit: { action: "look-at", subject: (request) => aboutSomebody(request.query.get("about")) },
    summary: "Why changes of a record fired or not, and whom they let in or turned away; newest first",
    query: {
      about: "`incident:<id>`, a member such as `contact:<id>`, or `trigger:<slug>` for custom events about nobody",
    },
    responses: { 200: { description: "Decisions" }, 400: { description: "What is wrong", body: problems } },
    handle: async (request, deps) => {
      const about = request.query.get("about")?.toLowerCase() ?? "";
      if (!/^([a-z0-9_]+:[0-9a-f-]{36}|trigger:[a-z0-9-]{1,60})$/.test(about))
        return invalid([{ at: "about", problem: "name a record: ?about=incident:<id>" }]);
      return ok(await listDecisions(about, deps));
    },
  },
  {
    name: "list-parked",
    method: "get",
    path: "/api/parked",
    tag: "parked",
    role: "operator",
    summary: "What could not be worked on, with its reason, newest first",
    query: { kind: "malformed, foreign, permanent or transient", next: "of the page before" },
    responses: { 200: { description: "A page" }, 400: { description: "What is wrong", body: problems } },
    handle: async (request, deps) => {
      const kind = parkedKind.safeParse(request.query.get("kind"));
      if (!kind.success) return invalid([{ at: "kind", problem: "one of malformed, foreign, permanent, transient" }]);
      const page = await deps.parked.page(kind.data, PAGE, request.query.get("next") ?? undefined);
      return ok({ parked: page.rows.map((row) => row.value), next: page.continuation ?? null });
    },
  },
  {
    name: "replay-one",
    method: "post",
    path: "/api/parked/{kind}/{id}/replay",
    tag: "parked",
    role: "operator",
    audit: { action: "replay", subject: inPath("parked", "id") },
    summary: "Gives one parked message to the bus again, as a new message with the same event",
    responses: {
      202: { description: "Replayed" },
      400: { description: "It never was a message", body: problems },
      404: { description: "None", body: problems },
    },
    handle: async (request, deps) => {
      const { kind = "", id = "" } = request.params;
      const known = parkedKind.safeParse(kind);
      if (!known.success) return missing(`kind ${kind} of parked items`);
      const outcome = await replayParkedById(known.data, id, deps);
      if (outcome === "missing") return missing(`parked item ${id}`);
      if (outcome === "no-message")
        return invalid([{ at: "kind", problem: `a ${kind} delivery can't be replayed over the topic` }]);
      return { status: 202, jsonBody: {} };
    },
  },
];

/** A trigger's decisions are about nobody; those of a record or of a member are about a person. */
function aboutSomebody(about: string | null): string | null {
  return about === null || about.startsWith("trigger:") ? null : about.toLowerCase();
}
