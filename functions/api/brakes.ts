import { decideBrake, listBrakes, listHeld } from "../../shared/use-cases/decide-brake.ts";
import { problems } from "../../shared/wire/api.ts";
import * as wire from "../../shared/wire/brakes.ts";
import { issuesOf } from "../../shared/wire/issues.ts";
import { inPath, invalid, jsonOf, missing, ok, type Route } from "./route.ts";

const NONE = { description: "No such brake is closed", body: problems };

/** Triggers that fire far more often than usual: their entries wait, and one question is put. */
export const brakeRoutes: readonly Route[] = [
  {
    name: "list-brakes",
    method: "get",
    path: "/api/brakes",
    tag: "brakes",
    role: "operator",
    summary: "Triggers whose entries wait: how many, since when, by whom, for which journeys",
    responses: { 200: { description: "Those that are closed", body: wire.brakes } },
    handle: async (_request, deps) => ok({ brakes: await listBrakes(deps) }),
  },
  {
    name: "list-held",
    method: "get",
    path: "/api/brakes/{trigger}/held",
    tag: "brakes",
    role: "operator",
    summary: "The events that wait, the oldest first",
    query: { next: "of the page before" },
    responses: { 200: { description: "A page", body: wire.held } },
    handle: async (request, deps) =>
      ok(await listHeld(request.params.trigger ?? "", request.query.get("next") ?? undefined, deps)),
  },
  {
    name: "answer-brake",
    method: "post",
    path: "/api/brakes/{trigger}",
    tag: "brakes",
    role: "operator",
    audit: { action: actionOf, subject: inPath("brake", "trigger") },
    summary: "Releases what waits, so many a minute; gives it up; or lets chosen ones in",
    description: "A timer carries it out. Each enters once, whatever came of its event before.",
    request: wire.brakeAnswer,
    responses: {
      202: { description: "Decided; how many entered at once", body: wire.brakeDecided },
      400: { description: "What is wrong", body: problems },
      404: NONE,
      503: { description: "The bus can't be asked now", body: problems },
    },
    handle: async (request, deps, _context, caller) => {
      const { trigger = "" } = request.params;
      const answer = wire.brakeAnswer.safeParse(await jsonOf(request));
      if (!answer.success) return invalid(issuesOf(answer.error));
      const decided = await decideBrake(trigger, answer.data, caller.id, deps);
      if (decided.kind === "missing") return missing(`closed brake of the trigger ${trigger}`);
      return { status: 202, jsonBody: { entered: decided.entered } };
    },
  },
];

function actionOf(body: unknown): string {
  const answer = wire.brakeAnswer.safeParse(body);
  return answer.success ? `brake-${answer.data.do}` : "brake";
}
