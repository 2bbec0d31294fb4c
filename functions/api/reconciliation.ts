import { showReconciliation } from "../../shared/use-cases/reconcile.ts";
import { ok, type Route } from "./route.ts";

/** The search for changes that never came by the webhook. */
export const reconciliationRoutes: readonly Route[] = [
  {
    name: "read-reconciliation",
    method: "get",
    path: "/api/reconciliation",
    tag: "operations",
    role: "reader",
    summary: "How far the search for changes that never came is, and what it can't know",
    description:
      "Failed system jobs of Parcours's registrations, and change tracking of the tables that have it. What was found stands in the records' decisions, with `via`; what nobody can tell is parked as `unknown`.",
    responses: { 200: { description: "The last run, and each table's place" } },
    handle: async (_request, deps) => ok(await showReconciliation(deps)),
  },
];
