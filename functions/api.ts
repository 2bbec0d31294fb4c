import { openApi } from "../shared/wire/openapi.ts";
import { auditRoutes } from "./api/audit.ts";
import { backtestRoutes } from "./api/backtest.ts";
import { backupRoutes } from "./api/backup.ts";
import { brakeRoutes } from "./api/brakes.ts";
import { customEventRoutes } from "./api/custom-events.ts";
import { definitionRoutes } from "./api/definitions.ts";
import { deliverabilityRoutes } from "./api/deliverability.ts";
import { exampleRoutes } from "./api/examples.ts";
import { healthRoutes } from "./api/health.ts";
import { meRoutes } from "./api/me.ts";
import { parkedRoutes } from "./api/parked.ts";
import { reconciliationRoutes } from "./api/reconciliation.ts";
import { registrationRoutes } from "./api/registrations.ts";
import { documented, ok, type Route, register } from "./api/route.ts";
import { runRoutes } from "./api/runs.ts";
import { suppressionRoutes } from "./api/suppressions.ts";
import { triggerPageRoutes } from "./api/trigger-page.ts";
import { upkeepRoutes } from "./api/upkeep.ts";
import { whyRoutes } from "./api/why.ts";

const document: Route = {
  name: "openapi",
  method: "get",
  path: "/api/openapi.json",
  tag: "operations",
  summary: "This document",
  role: "reader",
  responses: { 200: { description: "OpenAPI 3.1" } },
  handle: async () => ok(openApi(routes.map(documented), { title: "Parcours", version: "1" })),
};

const routes: readonly Route[] = [
  ...definitionRoutes,
  ...runRoutes,
  ...triggerPageRoutes,
  ...exampleRoutes,
  ...suppressionRoutes,
  ...backtestRoutes,
  ...registrationRoutes,
  ...reconciliationRoutes,
  ...upkeepRoutes,
  ...parkedRoutes,
  ...brakeRoutes,
  ...whyRoutes,
  ...customEventRoutes,
  ...auditRoutes,
  ...meRoutes,
  ...backupRoutes,
  ...deliverabilityRoutes,
  ...healthRoutes,
  document,
];
register(routes);
