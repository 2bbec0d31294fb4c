import type { BusMessage } from "../ports/bus.ts";
import { hash } from "../stores/hash.ts";
import type { ReadBackRequest } from "../wire/bus-messages.ts";

/** Asks a consumer to read a change's row back; not before `deliverAt`, in milliseconds. */
export function readBackMessage(request: ReadBackRequest, deliverAt?: number): BusMessage {
  return {
    id: hash("read-back", request.via, request.change.id),
    subject: "change",
    body: request,
    properties: { table: request.change.table, readBack: request.readBack },
    ...(deliverAt === undefined ? {} : { deliverAt }),
  };
}
