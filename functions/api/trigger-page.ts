import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { z } from "zod";
import type { Services } from "../../shared/services.ts";
import { describeTable } from "../../shared/use-cases/describe-table.ts";
import { listChildren } from "../../shared/use-cases/list-children.ts";
import { listTables } from "../../shared/use-cases/list-tables.ts";
import { listTriggerUses } from "../../shared/use-cases/list-trigger-uses.ts";
import { listCoverage, proposeAudience } from "../../shared/use-cases/propose-audience.ts";
import { readTriggerLog, readTriggerState } from "../../shared/use-cases/read-trigger-state.ts";
import { sampleRow } from "../../shared/use-cases/sample-row.ts";
import { tellTrigger } from "../../shared/use-cases/tell-trigger.ts";
import { problems } from "../../shared/wire/api.ts";
import { issuesOf } from "../../shared/wire/issues.ts";
import * as wire from "../../shared/wire/trigger-page.ts";
import { preferredLanguage } from "../language.ts";
import { inPath, invalid, missing, ok, type Route } from "./route.ts";

const LANG = { lang: "fr or en: the language of labels; the browser's own if absent" };
const REFRESH = { refresh: "1: asks Dataverse again, instead of what is kept for ten minutes" };
const NO_TABLE = { description: "The organisation has no such table", body: problems };
const AWAY = { description: "Dataverse can't be asked now", body: problems };
const TIME_ZONE = "Europe/Paris";
const LOGGED = 100;

/** What the page on which a trigger is made asks: Dataverse's tables and people, and where the trigger is used. */
export const triggerPageRoutes: readonly Route[] = [
  {
    name: "list-tables",
    method: "get",
    path: "/api/dataverse/tables",
    tag: "dataverse",
    role: "reader",
    summary: "Tables that a trigger may be about: those of other triggers, standard ones, custom ones, others",
    query: {
      ...LANG,
      ...REFRESH,
      search: "part of a label in French or English, or of a logical name",
      system: "1: the platform's own tables too",
    },
    responses: { 200: { description: "Tables, most likely ones first", body: wire.tableOffers }, 503: AWAY },
    handle: async (request, deps) => {
      const query = {
        language: preferredLanguage(request),
        search: request.query.get("search") ?? "",
        system: request.query.get("system") === "1",
        refresh: refreshes(request),
      };
      return ok(await listTables(query, deps));
    },
  },
  {
    name: "read-table",
    method: "get",
    path: "/api/dataverse/tables/{table}",
    tag: "dataverse",
    role: "reader",
    summary: "A table's columns with their types, labels, options and what can be asked of each",
    query: { ...LANG, ...REFRESH },
    responses: { 200: { description: "State and status first", body: wire.tableShown }, 404: NO_TABLE, 503: AWAY },
    handle: async (request, deps) => {
      const { table = "" } = request.params;
      const shown = await describeTable(table, preferredLanguage(request), refreshes(request), deps);
      return shown === undefined ? missing(`table ${table} in this organisation`) : ok(shown);
    },
  },
  {
    name: "list-children",
    method: "get",
    path: "/api/dataverse/tables/{table}/children",
    tag: "dataverse",
    role: "reader",
    summary: "Tables whose rows lead to a row of this table, and by which lookup: what conditions may count",
    query: LANG,
    responses: { 200: { description: "By label", body: wire.childOffers }, 404: NO_TABLE, 503: AWAY },
    handle: async (request, deps) => {
      const { table = "" } = request.params;
      const children = await listChildren(table, preferredLanguage(request), deps);
      return children === undefined ? missing(`table ${table} in this organisation`) : ok({ children });
    },
  },
  {
    name: "read-audience",
    method: "get",
    path: "/api/dataverse/tables/{table}/audience",
    tag: "dataverse",
    role: "author",
    // The coverage of a way lists people.
    audit: {
      action: "look-at",
      subject: (request) => (request.query.has("way") ? inPath("audience", "table")(request) : null),
    },
    summary: "Ways from a table's rows to people, the proposed fallback first, with what each reaches of the last 200",
    query: { ...LANG, way: "name of a way, or `proposal`: lists the rows instead, with whom it reaches from each" },
    responses: {
      200: { description: "Ways, or rows", body: z.union([wire.proposedAudience, wire.coveredRows]) },
      404: NO_TABLE,
      503: AWAY,
    },
    handle: audience,
  },
  {
    name: "list-trigger-uses",
    method: "get",
    path: "/api/triggers/{slug}/uses",
    tag: "triggers",
    role: "reader",
    summary: "Journeys that use a trigger, version by version: as entry, goal, exit, wait, in conditions and templates",
    responses: {
      200: { description: "Uses", body: wire.triggerUses },
      404: { description: "No such trigger", body: problems },
    },
    handle: async (request, deps) => {
      const { slug = "" } = request.params;
      const known = (await deps.triggers.listed(slug)) !== undefined;
      return known ? ok(await listTriggerUses(slug, deps)) : missing(`trigger ${slug}`);
    },
  },
  {
    name: "read-trigger-state",
    method: "get",
    path: "/api/triggers/{slug}/state",
    tag: "triggers",
    role: "reader",
    summary: "Where a trigger is on its way: saved, registered in Dataverse, its first change seen",
    responses: {
      200: { description: "Its state", body: wire.triggerState },
      404: { description: "No such trigger", body: problems },
    },
    handle: async (request, deps) => {
      const { slug = "" } = request.params;
      const state = await readTriggerState(slug, deps);
      return state === undefined ? missing(`trigger ${slug}`) : ok(state);
    },
  },
  {
    name: "read-trigger-log",
    method: "get",
    path: "/api/triggers/{slug}/log",
    tag: "triggers",
    role: "reader",
    summary: "What a trigger fired lately and what became of each, newest first; an empty log says since when",
    responses: {
      200: { description: "At most 100", body: wire.triggerLog },
      404: { description: "No such trigger", body: problems },
    },
    handle: async (request, deps) => {
      const { slug = "" } = request.params;
      const log = await readTriggerLog(slug, LOGGED, deps);
      return log === undefined ? missing(`trigger ${slug}`) : ok(log);
    },
  },
  {
    name: "tell-trigger",
    method: "get",
    path: "/api/triggers/{slug}/words",
    tag: "triggers",
    role: "reader",
    summary: "What a trigger's draft fires on, in words, with the organisation's own labels",
    query: { ...LANG, timeZone: `of moments; ${TIME_ZONE} if absent` },
    responses: {
      200: { description: "In words", body: wire.triggerWords },
      400: { description: "What is wrong", body: problems },
      404: { description: "No such trigger, or one that other systems fire", body: problems },
      503: AWAY,
    },
    handle: tell,
  },
  {
    name: "read-trigger-sample",
    method: "get",
    path: "/api/triggers/{slug}/sample",
    tag: "triggers",
    role: "author",
    audit: { action: "look-at", subject: inPath("sample", "slug") },
    summary: "A row of the trigger's table, each value as conditions compare it and as templates print it",
    query: { ...LANG, row: "its id; the latest one if absent", timeZone: `of moments; ${TIME_ZONE} if absent` },
    responses: {
      200: { description: "The row", body: wire.sampleRow },
      400: { description: "What is wrong", body: problems },
      404: { description: "No such trigger, or no row", body: problems },
      503: AWAY,
    },
    handle: sample,
  },
];

async function audience(request: HttpRequest, deps: Services): Promise<HttpResponseInit> {
  const { table = "" } = request.params;
  const way = request.query.get("way");
  if (way !== null) {
    const rows = await listCoverage(table, way, deps);
    return rows === undefined ? missing(`way ${way} from table ${table}`) : ok({ way, rows });
  }
  const proposed = await proposeAudience(table, preferredLanguage(request), deps);
  return proposed === undefined ? missing(`table ${table} in this organisation`) : ok(proposed);
}

async function tell(request: HttpRequest, deps: Services): Promise<HttpResponseInit> {
  const { slug = "" } = request.params;
  const trigger = (await deps.triggers.draft(slug))?.value;
  if (trigger?.kind !== "record") return missing(`trigger ${slug} that Dataverse's changes fire`);
  const asked = wire.zoneAsked.safeParse({ timeZone: request.query.get("timeZone") ?? undefined });
  if (!asked.success) return invalid(issuesOf(asked.error));
  return ok(await tellTrigger(trigger, { language: preferredLanguage(request), ...asked.data }, deps));
}

async function sample(request: HttpRequest, deps: Services): Promise<HttpResponseInit> {
  const { slug = "" } = request.params;
  const trigger = (await deps.triggers.draft(slug))?.value;
  if (trigger === undefined) return missing(`trigger ${slug}`);
  if (trigger.kind !== "record") return missing(`row of trigger ${slug}: it is about no table`);
  const row = request.query.get("row")?.toLowerCase();
  if (row !== undefined && !/^[0-9a-f-]{36}$/.test(row)) return invalid([{ at: "row", problem: "give a row's id" }]);
  const asked = wire.zoneAsked.safeParse({ timeZone: request.query.get("timeZone") ?? undefined });
  if (!asked.success) return invalid(issuesOf(asked.error));
  const found = await sampleRow(trigger.table, row, { language: preferredLanguage(request), ...asked.data }, deps);
  return found === undefined ? missing(`such row of ${trigger.table}`) : ok(found);
}

function refreshes(request: HttpRequest): boolean {
  return request.query.get("refresh") === "1";
}
