import { listDeadLetters, workOnDeadLetter } from "../../shared/use-cases/dead-letters.ts";
import { discardParkedById, replayParkedById } from "../../shared/use-cases/replay-parked.ts";
import { listBatches, shownBatch, startBatch } from "../../shared/use-cases/work-off-batch.ts";
import { parkedKind, problems } from "../../shared/wire/api.ts";
import { issuesOf } from "../../shared/wire/issues.ts";
import * as wire from "../../shared/wire/parked.ts";
import { inPath, invalid, jsonOf, missing, ok, type Route } from "./route.ts";

const PAGE = 100;
const KINDS = "malformed, foreign, permanent, transient or unknown";
const STAYS = {
  "no-message": "it never was a message of the topic, or its body was cut",
  malformed: "it still can't be read",
  foreign: "it still is of another organisation",
} as const;
const AWAY = { description: "The bus can't be asked now", body: problems };
const NONE = { description: "None", body: problems };

/** What could not be worked on, and what is done about it. */
export const parkedRoutes: readonly Route[] = [
  {
    name: "list-parked",
    method: "get",
    path: "/api/parked",
    tag: "parked",
    role: "operator",
    // Bodies of messages tell of people.
    audit: { action: "look-at", subject: (request) => `parked:${request.query.get("kind")}` },
    summary: "What could not be worked on, or told, with its reason, newest first",
    query: { kind: KINDS, next: "of the page before" },
    responses: { 200: { description: "A page" }, 400: { description: "What is wrong", body: problems } },
    handle: async (request, deps) => {
      const kind = parkedKind.safeParse(request.query.get("kind"));
      if (!kind.success) return invalid([{ at: "kind", problem: `one of ${KINDS}` }]);
      const page = await deps.parked.page(kind.data, PAGE, request.query.get("next") ?? undefined);
      return ok({ parked: page.rows.map((row) => row.value), next: page.continuation ?? null });
    },
  },
  {
    name: "replay-one",
    method: "post",
    path: "/api/parked/{kind}/{id}/replay",
    tag: "parked",
    role: "operator",
    audit: { action: "replay", subject: inPath("parked", "id") },
    summary: "Gives one to the bus again, as a new message with the same event; an unknown one is let in",
    responses: {
      202: { description: "Replayed", body: wire.replayed },
      400: { description: "It can't be", body: problems },
      404: NONE,
    },
    handle: async (request, deps) => {
      const { kind = "", id = "" } = request.params;
      const known = parkedKind.safeParse(kind);
      if (!known.success) return missing(`kind ${kind} of parked items`);
      const outcome = await replayParkedById(known.data, id, deps);
      if (outcome === "missing") return missing(`parked item ${id}`);
      if (outcome !== "replayed" && outcome !== "told") return invalid([{ at: "kind", problem: STAYS[outcome] }]);
      return { status: 202, jsonBody: { outcome } };
    },
  },
  {
    name: "discard-one",
    method: "post",
    path: "/api/parked/{kind}/{id}/discard",
    tag: "parked",
    role: "operator",
    audit: { action: "discard", subject: inPath("parked", "id") },
    summary: "Gives one up for good",
    responses: { 200: { description: "It is gone", body: wire.discarded }, 404: NONE },
    handle: async (request, deps) => {
      const { kind = "", id = "" } = request.params;
      const known = parkedKind.safeParse(kind);
      const outcome = known.success ? await discardParkedById(known.data, id, deps) : "missing";
      return outcome === "missing" ? missing(`parked item ${id}`) : ok({ outcome });
    },
  },
  ...(["replay", "discard"] as const).map(
    (does): Route => ({
      name: `${does}-many`,
      method: "post",
      path: `/api/parked/${does}`,
      tag: "parked",
      role: "operator",
      audit: { action: `${does}-many`, subject: () => "parked:many" },
      summary: does === "replay" ? "Replays all that fit" : "Gives up all that fit, for good",
      description: "What does not fit the time of a request goes on in the background: see the batches.",
      request: wire.manyAsked,
      responses: {
        202: { description: "Begun; what is done already", body: wire.batch },
        400: { description: "What is wrong", body: problems },
        503: AWAY,
      },
      handle: async (request, deps, _context, caller) => {
        const asked = wire.manyAsked.safeParse(await jsonOf(request));
        if (!asked.success) return invalid(issuesOf(asked.error));
        return { status: 202, jsonBody: shownBatch(await startBatch(does, asked.data, caller.id, deps)) };
      },
    }),
  ),
  {
    name: "list-batches",
    method: "get",
    path: "/api/parked/batches",
    tag: "parked",
    role: "operator",
    summary: "What was asked for many messages, and how far it is; newest first",
    responses: { 200: { description: "Those under way, and the last that are over", body: wire.batches } },
    handle: async (_request, deps) => ok({ batches: await listBatches(deps) }),
  },
  {
    name: "list-dead-letters",
    method: "get",
    path: "/api/dead-letters",
    tag: "parked",
    role: "operator",
    audit: { action: "look-at", subject: (request) => `dead-letters:${request.query.get("queue")}` },
    summary: "What a queue put aside by itself, oldest first: its consumer crashed over it again and again",
    query: { queue: "trigger-events, decisions or mail-reports", next: "of the page before" },
    responses: {
      200: { description: "A page; nothing is taken", body: wire.deadLetters },
      400: { description: "What is wrong", body: problems },
      503: AWAY,
    },
    handle: async (request, deps) => {
      const asked = wire.deadLettersAsked.safeParse(Object.fromEntries(request.query));
      if (!asked.success) return invalid(issuesOf(asked.error));
      return ok(await listDeadLetters(asked.data.queue, asked.data.next, PAGE, deps));
    },
  },
  ...(["replay", "discard"] as const).map(
    (does): Route => ({
      name: `${does}-dead-letter`,
      method: "post",
      path: `/api/dead-letters/{queue}/{sequence}/${does}`,
      tag: "parked",
      role: "operator",
      audit: { action: `${does}-dead-letter`, subject: inPath("dead-letter", "sequence") },
      summary: does === "replay" ? "Gives one to the bus again, and takes it away there" : "Gives one up for good",
      responses: { 200: { description: "It is done", body: wire.discarded }, 404: NONE, 503: AWAY },
      handle: async (request, deps) => {
        const { sequence = "" } = request.params;
        const queue = wire.queue.safeParse(request.params.queue);
        const outcome = queue.success ? await workOnDeadLetter(does, queue.data, sequence, deps) : "missing";
        return outcome === "missing" ? missing(`dead letter ${sequence}`) : ok({ outcome });
      },
    }),
  ),
];
