import { showAudit } from "../../shared/use-cases/show-audit.ts";
import { auditPage, problems } from "../../shared/wire/api.ts";
import { invalid, ok, type Route } from "./route.ts";

const PAGE = 100;

/** Who did what. */
export const auditRoutes: readonly Route[] = [
  {
    name: "read-audit",
    method: "get",
    path: "/api/audit",
    tag: "operations",
    role: "admin",
    summary: "Who published, stopped, migrated, replayed, or looked at a person, newest first",
    query: { next: "of the page before" },
    responses: {
      200: { description: "A page, and `next` where there are more", body: auditPage },
      400: { description: "What is wrong", body: problems },
    },
    handle: async (request, deps) => {
      const page = await showAudit(PAGE, request.query.get("next") ?? undefined, deps);
      if (page !== undefined) return ok(page);
      return invalid([{ at: "next", problem: "give back the `next` of the page before as it was" }]);
    },
  },
];
