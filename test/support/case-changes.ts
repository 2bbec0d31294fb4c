import { receiveChange } from "../../shared/use-cases/receive-change.ts";
import { type Attributes, caseBody, lookup, option } from "../shared/wire/payload.ts";
import { ANNA } from "./company-in-process.ts";
import type { World } from "./in-process.ts";

let operations = 0;

type Shape = Parameters<typeof caseBody>[0];

/** A case of Anna's is resolved, unless it is said otherwise: the webhook receives it, and all that follows is done. */
export async function caseChanged(world: World, post: Attributes = {}, shape: Shape = {}) {
  operations += 1;
  const before = { statecode: option(0), customerid: lookup("contact", ANNA.slice("contact:".length)) };
  const body = caseBody({
    ...{ target: { statecode: option(1) }, pre: before, post: { ...before, statecode: option(1), ...post } },
    ...shape,
    over: {
      OrganizationId: world.deps.settings.organization,
      OperationId: `22222222-aaaa-4aaa-8aaa-${String(operations).padStart(12, "0")}`,
      ...shape.over,
    },
  });
  const received = await receiveChange({ key: "webhook-key", body, oversize: false }, world.deps);
  await world.quiet();
  return received;
}

/** Why triggers did not fire on the last change, by trigger. */
export function notFired(world: World): Readonly<Record<string, unknown>> {
  const report = world.bus.messages.findLast(({ subject }) => subject === "change")?.body;
  const { considered } = report as { considered: readonly { trigger: string; failed: unknown }[] };
  return Object.fromEntries(considered.map(({ trigger, failed }) => [trigger, failed]));
}
