import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import type { Services } from "../../shared/services.ts";
import { backtestTrigger } from "../../shared/use-cases/backtest-trigger.ts";
import { catchUp } from "../../shared/use-cases/catch-up.ts";
import { checkTrigger } from "../../shared/use-cases/check-trigger.ts";
import { problems } from "../../shared/wire/api.ts";
import * as wire from "../../shared/wire/backtest.ts";
import { issuesOf } from "../../shared/wire/issues.ts";
import { inPath, invalid, jsonOf, missing, ok, type Route } from "./route.ts";

const AWAY = { description: "Dataverse or the bus can't be asked now", body: problems };

/** What a trigger would have done in the last days, and entering whom it missed. */
export const backtestRoutes: readonly Route[] = [
  {
    name: "backtest-trigger",
    method: "post",
    path: "/api/triggers/{slug}/backtest",
    tag: "triggers",
    role: "author",
    // It lists people.
    audit: { action: "backtest", look: true, subject: inPath("trigger", "slug") },
    summary: "How often the draft would have fired in the last days, for whom, and on which day most",
    description:
      "Computed from the organisation's audit where it keeps one: each change, with the values before it. Else, `why` says so, from the rows as they are now, by the time of their creation and last save. `doubts` names what can't be told.",
    request: wire.backtestAsked,
    responses: {
      200: { description: "Numbers, doubts and the newest 500", body: wire.backtested },
      400: { description: "What is wrong with the question, or with the draft", body: problems },
      404: { description: "No such draft on records", body: problems },
      503: AWAY,
    },
    handle: backtest,
  },
  {
    name: "catch-up-trigger",
    method: "post",
    path: "/api/triggers/{slug}/catch-up",
    tag: "triggers",
    role: "operator",
    audit: { action: "catch-up", subject: inPath("trigger", "slug") },
    summary: "Enters past changes of the published trigger: of some records, or of the last days",
    description:
      "Each goes the way of any event, with the change's own event id where Parcours saw it: nobody enters twice. Runs that wait for the trigger are not told. What became of each stands in the record's decisions.",
    request: wire.catchUpAsked,
    responses: {
      202: { description: "Given to the bus", body: wire.caughtUp },
      400: { description: "What is wrong", body: problems },
      404: { description: "No such published trigger on records, or journey that it enters", body: problems },
      503: AWAY,
    },
    handle: enter,
  },
];

async function backtest(request: HttpRequest, deps: Services): Promise<HttpResponseInit> {
  const { slug = "" } = request.params;
  const asked = wire.backtestAsked.safeParse((await jsonOf(request)) ?? {});
  if (!asked.success) return invalid(issuesOf(asked.error));
  const trigger = (await deps.triggers.draft(slug))?.value;
  if (trigger?.kind !== "record") return missing(`draft ${slug} of a trigger on records`);
  const wrong = await checkTrigger(trigger, deps);
  if (wrong.length > 0) return invalid(wrong);
  return ok(await backtestTrigger(trigger, asked.data.days, asked.data.timeZone, deps));
}

async function enter(request: HttpRequest, deps: Services): Promise<HttpResponseInit> {
  const { slug = "" } = request.params;
  const asked = wire.catchUpAsked.safeParse(await jsonOf(request));
  if (!asked.success) return invalid(issuesOf(asked.error));
  const revision = (await deps.triggers.listed(slug))?.published ?? 0;
  const trigger = await deps.triggers.revision(slug, revision);
  if (trigger?.kind !== "record") return missing(`published trigger ${slug} on records`);
  const { journey = null, ...wanted } = asked.data;
  const entries = (await deps.catalogue.current()).entries.get(slug) ?? [];
  if (journey !== null && !entries.some((version) => version.journey.slug === journey))
    return missing(`published journey ${journey} that ${slug} enters`);
  return { status: 202, jsonBody: await catchUp(trigger, wanted, journey, deps) };
}
