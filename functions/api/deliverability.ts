import { readDeliverability } from "../../shared/use-cases/read-deliverability.ts";
import { problems } from "../../shared/wire/api.ts";
import { deliverability, deliverabilityAsked } from "../../shared/wire/deliverability.ts";
import { issuesOf } from "../../shared/wire/issues.ts";
import { invalid, ok, type Route } from "./route.ts";

/** Whether mails arrive. */
export const deliverabilityRoutes: readonly Route[] = [
  {
    name: "read-deliverability",
    method: "get",
    path: "/api/deliverability",
    tag: "operations",
    role: "reader",
    summary: "Whether mails will be believed (SPF, DKIM, DMARC), the DNS records to set, and how many can go out",
    description:
      "`notMeasured` says why nothing is known of the domain, as on one's own machine; that is not the same as fine.",
    query: {
      mails: "how many somebody plans to send: says how long they take",
      perMinute: "a limit that was raised; what a new subscription gets if absent",
      perHour: "likewise",
    },
    responses: {
      200: { description: "What was found, and the capacity", body: deliverability },
      400: { description: "What is wrong", body: problems },
    },
    handle: async (request, deps) => {
      const asked = deliverabilityAsked.safeParse(Object.fromEntries(request.query));
      return asked.success ? ok(await readDeliverability(asked.data, deps)) : invalid(issuesOf(asked.error));
    },
  },
];
