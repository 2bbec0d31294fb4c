import { z } from "zod";
import { liftSuppression, readSuppression } from "../../shared/use-cases/suppressions.ts";
import { problems } from "../../shared/wire/api.ts";
import { issuesOf } from "../../shared/wire/issues.ts";
import { invalid, jsonOf, ok, type Route } from "./route.ts";

/** In the body: what stands in an address of a page stands in logs, too. */
const asked = z.strictObject({ address: z.email() }).meta({ id: "SuppressionAsked" });
const shown = z.object({ suppressed: z.boolean(), since: z.string().nullable(), reason: z.string().nullable() });

/** Addresses that nothing commercial goes to any more. */
export const suppressionRoutes: readonly Route[] = [
  {
    name: "check-suppression",
    method: "post",
    path: "/api/suppressions/check",
    tag: "mails",
    role: "operator",
    audit: { action: "look-at", subject: () => "suppression:one" },
    summary: "Whether an address was unsubscribed, and since when",
    request: asked,
    responses: {
      200: { description: "Whether it is", body: shown },
      400: { description: "What is wrong", body: problems },
    },
    handle: async (request, deps) => {
      const given = asked.safeParse(await jsonOf(request));
      if (!given.success) return invalid(issuesOf(given.error));
      const found = await readSuppression(given.data.address, deps);
      if (found === undefined) return ok({ suppressed: false, since: null, reason: null });
      return ok({ suppressed: true, since: new Date(found.at).toISOString(), reason: found.reason });
    },
  },
  {
    name: "lift-suppression",
    method: "post",
    path: "/api/suppressions/lift",
    tag: "mails",
    role: "operator",
    audit: { action: "lift", subject: () => "suppression:one" },
    summary: "Takes back that an address was unsubscribed, as its reader asked for; what Dataverse says of them stands",
    request: asked,
    responses: {
      200: { description: "Whether there was one", body: z.object({ lifted: z.boolean() }) },
      400: { description: "What is wrong", body: problems },
    },
    handle: async (request, deps) => {
      const given = asked.safeParse(await jsonOf(request));
      if (!given.success) return invalid(issuesOf(given.error));
      return ok({ lifted: await liftSuppression(given.data.address, deps) });
    },
  },
];
