import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import type { Services } from "../shared/services.ts";
import { captureExample } from "../shared/use-cases/capture-example.ts";
import { keyUsed } from "../shared/use-cases/check-key.ts";
import { receiveChange } from "../shared/use-cases/receive-change.ts";
import { serve } from "./endpoint.ts";

const STATUS = { fired: 202, spilled: 202, malformed: 400, "wrong-key": 401, foreign: 403, unavailable: 503 } as const;
/** The header that the service endpoint's key comes in; in the query it would stand in others' logs. */
const KEY_HEADER = "x-parcours-key";
const SIZE_HEADER = "x-ms-dynamics-msg-size-exceeded";

export async function dataverseWebhook(
  request: HttpRequest,
  context: InvocationContext,
  deps: Services,
): Promise<HttpResponseInit> {
  const delivery = await deliveryOf(request);
  const received = await receiveChange(delivery, deps);
  const { change, kind: outcome, triggers } = received;
  deps.measure.count("parcours.changes", { outcome });
  // Two keys are valid while one is changed: the log tells when the former is no longer used.
  const key = keyUsed(delivery.key, deps.settings.webhookKeys);
  context.log("change received", { change, outcome, triggers, key });
  return received.problem === undefined
    ? { status: STATUS[received.kind] }
    : { status: STATUS[received.kind], jsonBody: received.problem };
}

const EXAMPLE_STATUS = { seen: 202, ignored: 202, malformed: 400, "wrong-key": 401 } as const;

/** What somebody does to show what shall fire: never an event. */
export async function exampleWebhook(
  request: HttpRequest,
  context: InvocationContext,
  deps: Services,
): Promise<HttpResponseInit> {
  const outcome = await captureExample(await deliveryOf(request), deps);
  context.log("change for an example", { outcome });
  return { status: EXAMPLE_STATUS[outcome] };
}

async function deliveryOf(request: HttpRequest) {
  const key = request.headers.get(KEY_HEADER) ?? request.query.get("code") ?? undefined;
  const oversize = request.headers.get(SIZE_HEADER) !== null;
  return { key, body: await request.text(), oversize };
}

// The key is Parcours's own, so that it can be rotated with Dataverse's registration.
serve({
  name: "dataverse-webhook",
  route: "api/dataverse/webhook",
  methods: ["POST"],
  role: "keyed",
  handle: (request, deps, context) => dataverseWebhook(request, context, deps),
});
serve({
  name: "example-webhook",
  route: "api/dataverse/webhook/example",
  methods: ["POST"],
  role: "keyed",
  handle: (request, deps, context) => exampleWebhook(request, context, deps),
});
