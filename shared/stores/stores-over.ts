import { type Journey, type JourneyVersion, journey } from "../domain/journey.ts";
import { type Mail, mail } from "../domain/mail.ts";
import { type Survey, survey } from "../domain/survey.ts";
import { type Trigger, trigger } from "../domain/trigger.ts";
import { type Measure, SILENT } from "../ports/measure.ts";
import type { Rows } from "../ports/rows.ts";
import { Audit } from "./audit.ts";
import { Batches } from "./batches.ts";
import { Bindings } from "./bindings.ts";
import { Brakes } from "./brakes.ts";
import { Changes } from "./changes.ts";
import { ContactPoints } from "./contact-points.ts";
import { Decisions } from "./decisions.ts";
import { copiesOver } from "./definition-copies.ts";
import { Definitions } from "./definitions.ts";
import { Deliveries } from "./deliveries.ts";
import { DiscountCodes } from "./discount-codes.ts";
import { Due } from "./due.ts";
import { Examples } from "./examples.ts";
import { Expiry } from "./expiry.ts";
import { filledIn } from "./filled-in.ts";
import { Generation } from "./generation.ts";
import { Insights } from "./insights.ts";
import { JourneyGates } from "./journey-gates.ts";
import { Members } from "./members.ts";
import { Parked, Spill } from "./outboxes.ts";
import { Passes } from "./passes.ts";
import { Reconciliation } from "./reconciliation.ts";
import { RunIndex } from "./run-index.ts";
import { TriggerLog } from "./trigger-log.ts";
import { Upgrades } from "./upgrades.ts";

/** Every store that use cases work with, over one `rows`. */
export function storesOver(rows: Rows, measure: Measure = SILENT) {
  return {
    triggers: new Definitions<Trigger>(rows, "Triggers", alike(filledIn(trigger))),
    journeys: new Definitions<Journey, JourneyVersion>(rows, "Journeys", {
      draft: filledIn(journey),
      revision: (version) => ({ ...version, journey: filledIn(journey)(version.journey) }),
    }),
    mails: new Definitions<Mail>(rows, "Mails", alike(filledIn(mail))),
    surveys: new Definitions<Survey>(rows, "Surveys", alike(filledIn(survey))),
    copies: copiesOver(rows),
    gates: new JourneyGates(rows),
    gatePasses: new Passes(rows, "GatePasses"),
    movePasses: new Passes(rows, "MovePasses"),
    upgrades: new Upgrades(rows),
    generation: new Generation(rows),
    members: new Members(rows),
    bindings: new Bindings(rows),
    deliveries: new Deliveries(rows),
    codes: new DiscountCodes(rows),
    due: new Due(rows),
    index: new RunIndex(rows),
    insights: new Insights(rows),
    changes: new Changes(rows),
    decisions: new Decisions(rows),
    spill: new Spill(rows, measure),
    parked: new Parked(rows, measure),
    reconciliation: new Reconciliation(rows),
    batches: new Batches(rows),
    brakes: new Brakes(rows),
    expiry: new Expiry(rows),
    examples: new Examples(rows),
    triggerLog: new TriggerLog(rows),
    contactPoints: new ContactPoints(rows),
    audit: new Audit(rows),
  };
}

function alike<T>(forward: (stored: T) => T) {
  return { draft: forward, revision: forward };
}
