import { listDecisions } from "../../shared/use-cases/list-decisions.ts";
import { codes, problems } from "../../shared/wire/api.ts";
import { issuesOf } from "../../shared/wire/issues.ts";
import { inPath, invalid, jsonOf, ok, type Route } from "./route.ts";

/** Discount codes, and reasons. */
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
];

/** A trigger's decisions are about nobody; those of a record or of a member are about a person. */
function aboutSomebody(about: string | null): string | null {
  return about === null || about.startsWith("trigger:") ? null : about.toLowerCase();
}
