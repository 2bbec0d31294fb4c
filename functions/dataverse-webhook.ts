import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import type { Services } from "../shared/services.ts";
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
  const key = request.headers.get(KEY_HEADER) ?? request.query.get("code") ?? undefined;
  const oversize = request.headers.get(SIZE_HEADER) !== null;
  const received = await receiveChange({ key, body: await request.text(), oversize }, deps);
  context.log("change received", { change: received.change, outcome: received.kind, triggers: received.triggers });
  return received.problem === undefined
    ? { status: STATUS[received.kind] }
    : { status: STATUS[received.kind], jsonBody: received.problem };
}

// The key is Parcours's own, so that it can be rotated with Dataverse's registration.
serve({
  name: "dataverse-webhook",
  route: "api/dataverse/webhook",
  methods: ["POST"],
  role: "keyed",
  handle: (request, deps, context) => dataverseWebhook(request, context, deps),
});
