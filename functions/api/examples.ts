import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { z } from "zod";
import type { Services } from "../../shared/services.ts";
import type { Caller } from "../../shared/use-cases/access.ts";
import { startExample, stopExample } from "../../shared/use-cases/examples.ts";
import { showExample } from "../../shared/use-cases/show-example.ts";
import { problems } from "../../shared/wire/api.ts";
import { exampleAsked, exampleShown, exampleStarted } from "../../shared/wire/example.ts";
import { issuesOf } from "../../shared/wire/issues.ts";
import { preferredLanguage } from "../language.ts";
import { inPath, invalid, jsonOf, missing, ok, type Route } from "./route.ts";

const OVER = { description: "None, or it is over: it listens for ten minutes", body: problems };
const REFUSED = { description: "Dataverse refuses to tell, such as for want of a privilege", body: problems };
const AWAY = { description: "Dataverse can't be asked now", body: problems };

/** A trigger made by showing: somebody does it once in Dynamics, and what was seen of it is proposed. */
export const exampleRoutes: readonly Route[] = [
  {
    name: "start-example",
    method: "post",
    path: "/api/examples",
    tag: "triggers",
    role: "author",
    audit: { action: "listen", subject: () => "example:started" },
    summary:
      "Listens for ten minutes to what one user does in one table, whoever asks if none is named; asked again for the same, it begins anew",
    request: exampleAsked,
    responses: {
      201: { description: "Dataverse tells from now on", body: exampleStarted },
      400: { description: "What is wrong", body: problems },
      409: { description: "Parcours does not register by itself here, or too many listen already", body: problems },
      502: REFUSED,
      503: AWAY,
    },
    handle: start,
  },
  {
    name: "read-example",
    method: "get",
    path: "/api/examples/{id}",
    tag: "triggers",
    role: "author",
    summary: "What was seen so far, newest first, and the trigger that it shows: it lacks its name alone",
    query: {
      lang: "fr or en: the language of labels; the browser's own if absent",
      change: "id of one that was seen: what it shows; what the user did last if absent",
    },
    responses: { 200: { description: "The example", body: exampleShown }, 404: OVER, 503: AWAY },
    handle: async (request, deps) => {
      const { id = "" } = request.params;
      const asked = { change: request.query.get("change") ?? undefined, language: preferredLanguage(request) };
      const shown = await showExample(id, asked, deps);
      return shown === undefined ? missing(`example ${id} that listens`) : ok(shown);
    },
  },
  {
    name: "stop-example",
    method: "post",
    path: "/api/examples/{id}/stop",
    tag: "triggers",
    role: "author",
    audit: { action: "stop", subject: inPath("example", "id") },
    summary: "Ends an example: what was seen is forgotten, and Dataverse tells nothing of it any more",
    responses: {
      200: { description: "It is over", body: z.object({ stopped: z.literal(true) }) },
      202: { description: "It is over; why Dataverse still tells: it is tried again", body: problems },
      404: OVER,
    },
    handle: async (request, deps) => {
      const { id = "" } = request.params;
      const outcome = await stopExample(id, deps);
      if (outcome === "missing") return missing(`example ${id} that listens`);
      const problem = "Dataverse can't be asked now: a timer takes back what it still tells";
      return outcome === "stopped" ? ok({ stopped: true }) : { status: 202, jsonBody: { stopped: true, problem } };
    },
  },
];

async function start(
  request: HttpRequest,
  deps: Services,
  _context: InvocationContext,
  caller: Caller,
): Promise<HttpResponseInit> {
  const asked = exampleAsked.safeParse(await jsonOf(request));
  if (!asked.success) return invalid(issuesOf(asked.error));
  const { table, user = caller.name } = asked.data;
  const started = await startExample({ table, user }, deps);
  switch (started.kind) {
    case "listening": {
      const { since, until, ...example } = started.example;
      const times = { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
      return { status: 201, jsonBody: { ...example, ...times } };
    }
    case "off":
      return refused("PARCOURS_REGISTER is off: Parcours registers nothing here, and so can't listen");
    case "too-many":
      return refused(`${started.most} examples listen already: stop one, or wait until it is over`);
    case "no-table":
      return invalid([{ at: "table", problem: `the organisation has no table "${table}"` }]);
    case "no-user":
      return invalid([
        {
          at: "user",
          problem: `Dataverse knows no user "${user}", or several: name one by id, by the name to sign in with, by address or by full name`,
        },
      ]);
  }
}

function refused(problem: string): HttpResponseInit {
  return { status: 409, jsonBody: { problem } };
}
