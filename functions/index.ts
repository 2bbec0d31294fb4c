/** The functions of Parcours, in the order in which data passes through them. */
import "./dataverse-webhook.ts"; // Dataverse posts a change: match, publish
import "./trigger-events.ts"; // an event of the topic: person, inboxes, wake, entry
import "./decisions.ts"; // why a change fired or not
import "./journey.ts"; // the orchestration of a run, and its two activities
import "./survey.ts"; // a person answers
import "./unsubscribe.ts"; // a person wants no more of it
import "./mail-reports.ts"; // delivered, bounced, opened, clicked
import "./housekeeping.ts"; // spilled, parked, expired
import "./reconcile.ts"; // changes that never came
import "./brakes.ts"; // entries that wait because a trigger fires far too often
import "./api.ts"; // authors' and operators' API
import "./status-page.ts"; // operators' page
import "./why-page.ts"; // the operators' page that says why
import "./telemetry.ts"; // what was measured last, when an instance goes
