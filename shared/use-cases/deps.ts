import type { Journey, JourneyVersion } from "../domain/journey.ts";
import type { Mail } from "../domain/mail.ts";
import type { Endpoint } from "../domain/registration/registration.ts";
import type { Survey } from "../domain/survey.ts";
import type { Trigger } from "../domain/trigger.ts";
import type { Bus } from "../ports/bus.ts";
import type { ChangeHistory } from "../ports/change-history.ts";
import type { Clock } from "../ports/clock.ts";
import type { Dataverse } from "../ports/dataverse.ts";
import type { DeadLetters } from "../ports/dead-letters.ts";
import type { Mailer } from "../ports/mailer.ts";
import type { Measure } from "../ports/measure.ts";
import type { Metadata } from "../ports/metadata.ts";
import type { MissedChanges } from "../ports/missed-changes.ts";
import type { Registrar } from "../ports/registrar.ts";
import type { Templates } from "../ports/templates.ts";
import type { Audit } from "../stores/audit.ts";
import type { Batches } from "../stores/batches.ts";
import type { Bindings } from "../stores/bindings.ts";
import type { Brakes } from "../stores/brakes.ts";
import type { Changes } from "../stores/changes.ts";
import type { ContactPoints } from "../stores/contact-points.ts";
import type { Decisions } from "../stores/decisions.ts";
import type { copiesOver } from "../stores/definition-copies.ts";
import type { Definitions } from "../stores/definitions.ts";
import type { Deliveries } from "../stores/deliveries.ts";
import type { DiscountCodes } from "../stores/discount-codes.ts";
import type { Due } from "../stores/due.ts";
import type { Examples } from "../stores/examples.ts";
import type { Expiry } from "../stores/expiry.ts";
import type { Generation } from "../stores/generation.ts";
import type { Insights } from "../stores/insights.ts";
import type { JourneyGates } from "../stores/journey-gates.ts";
import type { Members } from "../stores/members.ts";
import type { Parked, Spill } from "../stores/outboxes.ts";
import type { Passes } from "../stores/passes.ts";
import type { Reconciliation } from "../stores/reconciliation.ts";
import type { Registrations } from "../stores/registrations.ts";
import type { RunIndex } from "../stores/run-index.ts";
import type { TriggerLog } from "../stores/trigger-log.ts";
import type { Upgrades } from "../stores/upgrades.ts";
import type { CatalogueReader } from "./catalogue.ts";
import type { Lanes } from "./lanes.ts";
import type { SurgeBrake } from "./surge-brake.ts";
import type { TokenBuckets } from "./token-buckets.ts";

/** What use cases work with. Each names the part that it needs: `Pick<Deps, "members" | "clock">`. */
export interface Deps {
  readonly clock: Clock;
  readonly bus: Bus;
  readonly deadLetters: DeadLetters;
  readonly mailer: Mailer;
  readonly dataverse: Dataverse;
  readonly metadata: Metadata;
  readonly history: ChangeHistory;
  readonly missed: MissedChanges;
  readonly measure: Measure;
  readonly registration: Registration;
  readonly templates: Templates;

  readonly triggers: Definitions<Trigger>;
  readonly journeys: Definitions<Journey, JourneyVersion>;
  readonly mails: Definitions<Mail>;
  readonly surveys: Definitions<Survey>;
  readonly copies: ReturnType<typeof copiesOver>;
  readonly gates: JourneyGates;
  readonly gatePasses: Passes;
  readonly movePasses: Passes;
  readonly upgrades: Upgrades;
  readonly generation: Generation;
  readonly catalogue: CatalogueReader;

  readonly members: Members;
  readonly bindings: Bindings;
  readonly deliveries: Deliveries;
  readonly codes: DiscountCodes;
  readonly due: Due;
  readonly index: RunIndex;
  readonly insights: Insights;
  readonly changes: Changes;
  readonly decisions: Decisions;
  readonly spill: Spill;
  readonly parked: Parked;
  readonly reconciliation: Reconciliation;
  readonly batches: Batches;
  readonly brakes: Brakes;
  /** Lets entries wait while a trigger fires far more often than usual. */
  readonly brake: SurgeBrake;
  /** Keeps one trigger's bulk updates from standing before all others' events. */
  readonly lanes: Lanes;
  readonly expiry: Expiry;
  readonly examples: Examples;
  readonly triggerLog: TriggerLog;
  readonly contactPoints: ContactPoints;
  readonly audit: Audit;
  /** How much each sender of custom events may send. */
  readonly limits: TokenBuckets;

  readonly settings: Settings;
}

/** What keeps Dataverse's registrations as the published triggers need them. */
export interface Registration {
  /** Whether Parcours registers by itself; else somebody does it by hand. */
  readonly on: boolean;
  /** Whether it undoes what somebody changed in Dataverse. */
  readonly mends: boolean;
  readonly endpoint: Endpoint;
  readonly registrar: Registrar;
  readonly store: Registrations;
  /** Where Dataverse tells what somebody shows by example: apart from what published triggers need. */
  readonly byExample: { readonly endpoint: Endpoint; readonly registrar: Registrar };
}

/** A key that signs links, or that a caller shows: two may be valid at once, so that they can be rotated. */
export interface SigningKey {
  readonly id: string;
  readonly secret: string;
}

/** What the environment decides. Durations in milliseconds. */
export interface Settings {
  /** GUID of the connected organisation, lower case: changes of any other are refused. */
  readonly organization: string;
  readonly webhookKeys: readonly string[];
  readonly signingKeys: readonly SigningKey[];
  /** Hashes addresses of suppressed people; it never changes. */
  readonly addressKey: string;
  /** Keys of systems that send custom events; those of pages, which are no secret, and the origins of these pages. */
  readonly ingestionKeys: readonly string[];
  readonly browserKeys: readonly string[];
  readonly browserOrigins: readonly string[];
  /** Custom events that one key may send in a minute, to each instance. */
  readonly ingestionPerMinute: number;
  readonly browserPerMinute: number;
  /** The connected organisation's Web API: an address that somebody pastes is of this organisation, or of another. */
  readonly dataverseUrl: string;
  /** Where people reach the pages, without a slash at the end. */
  readonly publicUrl: string;
  /** Address that mails come from. */
  readonly sender: string;
  /** Column of a person's row that holds the address, and the one that holds the language, if there is one. */
  readonly addressColumn: string;
  readonly languageColumn: string | null;
  /** How long a process trusts what it has cached of the catalogue. */
  readonly catalogueLifetime: number;
  /** Longer than the mailer's HTTP time-out. */
  readonly sendLease: number;
  /** Whether changes that never came are looked for, and how long the webhook has to tell one before it is missed. */
  readonly reconcile: boolean;
  readonly reconcileGrace: number;
  /** Dataverse's ids of users whose changes count as imports, and of the one that Parcours itself writes as. */
  readonly importUsers: readonly string[];
  readonly ownUser: string | null;
  /** Days that decisions, bodies of changes and the engine's histories of ended runs are kept. */
  readonly keptDays: number;
  /** Days that ended runs are kept, with their sends and answers, and what was parked. */
  readonly runsKeptDays: number;
}
