import { z } from "zod";
import { mendRegistrations, showRegistrations } from "../../shared/use-cases/check-registrations.ts";
import { stopTrigger } from "../../shared/use-cases/stop-trigger.ts";
import { problems } from "../../shared/wire/api.ts";
import { inPath, missing, ok, type Route } from "./route.ts";

/** What Dataverse tells Parcours, and how to have it no longer tell of a trigger. */
export const registrationRoutes: readonly Route[] = [
  {
    name: "read-registrations",
    method: "get",
    path: "/api/registrations",
    tag: "operations",
    role: "reader",
    summary:
      "What Dataverse should tell, what it is registered to tell, what somebody changed there, and why its calls fail",
    responses: {
      200: { description: "Wanted, found, and how they differ" },
      502: { description: "Dataverse refuses to say", body: problems },
      503: { description: "Dataverse does not answer", body: problems },
    },
    handle: async (_request, deps) => ok(await showRegistrations(deps)),
  },
  {
    name: "mend-registrations",
    method: "post",
    path: "/api/registrations/mend",
    tag: "operations",
    role: "operator",
    audit: { action: "mend", subject: () => "registrations:all" },
    summary: "Makes the registrations what they shall be, and gives Dataverse the webhook's key anew",
    responses: {
      200: { description: "They are", body: z.object({ mended: z.literal(true) }) },
      409: { description: "Parcours does not register by itself here", body: problems },
      502: { description: "Dataverse refuses, such as for want of a privilege", body: problems },
      503: { description: "Dataverse does not answer", body: problems },
    },
    handle: async (_request, deps) =>
      (await mendRegistrations(deps)) === "mended"
        ? ok({ mended: true })
        : { status: 409, jsonBody: { problem: "PARCOURS_REGISTER is off: Parcours registers nothing here" } },
  },
  {
    name: "stop-trigger",
    method: "post",
    path: "/api/triggers/{slug}/stop",
    tag: "triggers",
    role: "author",
    audit: { action: "stop", subject: inPath("trigger", "slug") },
    summary: "Stops a trigger; publishing it again starts it again",
    responses: {
      200: { description: "It fires no more", body: z.object({ stopped: z.literal(true) }) },
      202: { description: "It fires no more; why Dataverse still tells of it: it is tried again", body: problems },
      404: { description: "No such trigger was published", body: problems },
    },
    handle: async (request, deps) => {
      const { slug = "" } = request.params;
      const outcome = await stopTrigger(slug, deps);
      if (outcome.kind === "missing") return missing(`published trigger ${slug}`);
      const { pending } = outcome;
      return pending === null ? ok({ stopped: true }) : { status: 202, jsonBody: { stopped: true, problem: pending } };
    },
  },
];
