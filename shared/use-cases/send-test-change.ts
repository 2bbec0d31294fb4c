import { plan } from "../domain/registration/plan.ts";
import type { Endpoint, Wanted } from "../domain/registration/registration.ts";
import { ParcoursError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import { type Organisation, TOUCHED, type Told } from "../ports/organisation.ts";
import type { Registrar } from "../ports/registrar.ts";
import type { Finding } from "./finding.ts";

/** Dataverse's asynchronous service may be busy with others' jobs. */
const PATIENCE = 120_000;
const LOOK_EVERY = 500;
export interface TestChangeDeps {
  readonly organisation: Organisation;
  /** Of an endpoint for the test change alone. */
  readonly tester: Registrar;
  readonly clock: Pick<Clock, "now" | "sleep">;
}

const NOTHING: Wanted = { endpoint: null, steps: [] };

/**
 * Has Dataverse tell of one change, by an endpoint and a step that are there for this alone, and waits until its system
 * job says what Parcours answered. The change: the caller's own user row, a column written with the value that it has.
 * So nothing in the environment is different afterwards, and no flow that looks for values sees any.
 */
export async function sendTestChange(
  endpoint: Endpoint,
  me: string,
  { organisation, tester, clock }: TestChangeDeps,
): Promise<Finding> {
  const { table, column } = TOUCHED;
  const step = { table, message: "Update", columns: [column], pre: null, post: null, enabled: true } as const;
  try {
    const registered = await make({ endpoint, steps: [step] }, tester);
    const id = registered.steps[0]?.id ?? "";
    await organisation.touch(me);
    const until = clock.now() + PATIENCE;
    let told = await organisation.told(id);
    while ((told.kind === "none" || told.kind === "under-way") && clock.now() < until) {
      await clock.sleep(LOOK_EVERY);
      told = await organisation.told(id);
    }
    return findingOf(told, endpoint);
  } catch (error) {
    if (!(error instanceof ParcoursError)) throw error;
    return { what: "test change", state: "wrong", says: `it could not be sent: ${error.message}` };
  } finally {
    await make(NOTHING, tester).catch(leaveToNextTime);
  }
}

/** Where Dataverse is gone by then, what was made for the test stays: it is known by its name. */
function leaveToNextTime(error: unknown): void {
  if (!(error instanceof ParcoursError)) throw error;
}

async function make(wanted: Wanted, tester: Registrar) {
  for (const operation of plan(wanted, await tester.find())) await tester.apply(operation);
  return tester.find();
}

function findingOf(told: Told, { url }: Endpoint): Finding {
  switch (told.kind) {
    case "arrived":
      return {
        what: "test change",
        state: "fine",
        says: `Dataverse told it, and Parcours took it, ${told.seconds} s later`,
      };
    case "refused":
      return {
        what: "test change",
        state: "wrong",
        says: `Dataverse told it to ${url}, and it was not taken: ${told.reason}`,
        todo: [
          "Unauthorized or 401: the app has another key than this command. Forbidden or 403: the app is connected with another organisation.",
          "500 or 503: the app does not start: look at its settings. Anything else: nobody answers at this address from the internet.",
        ],
      };
    case "none":
    case "under-way":
      return {
        what: "test change",
        state: "wrong",
        says: `Dataverse has not told it within ${PATIENCE / 1000} s`,
        todo: [
          "Its asynchronous service is behind, or is switched off: look at System Jobs in the environment's settings.",
        ],
      };
  }
}
