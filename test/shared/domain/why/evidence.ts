import type { Change } from "../../../../shared/domain/change.ts";
import { compile, match } from "../../../../shared/domain/matcher.ts";
import type { RecordTrigger } from "../../../../shared/domain/trigger.ts";
import type { Evidence, Unseen } from "../../../../shared/domain/why/evidence.ts";
import { type Speaker, type Speaking, speakerOf } from "../../../../shared/domain/why/speaker.ts";
import { NOW } from "../arbitrary.ts";

export const NOBODY = { tables: {}, triggers: {}, journeys: {}, users: {}, people: {}, rows: {} };

export function speaker(more: Partial<Speaking> = {}): Speaker {
  return speakerOf({ language: "en", timeZone: "UTC", discreet: false, glossary: NOBODY, ...more });
}

/** A change as the way in decided it, of a row that nobody asked Dataverse about. */
export function evidenceOf(change: Change, triggers: readonly RecordTrigger[], more: Partial<Evidence> = {}): Evidence {
  const { fired, considered } = match(compile(triggers, 1), change, Date.parse(change.at));
  const decision = {
    kind: "change",
    ...{ at: Date.parse(change.at), change: change.id, generation: 1, changeRef: "ref" },
    fired: fired.map(({ slug }) => slug),
    considered,
  } as const;
  const own = triggers.filter(({ table }) => table === change.table);
  return {
    subject: { kind: "record", table: change.table, id: change.record, name: null },
    ...{ now: NOW, keptDays: 30, entries: [], rows: [], nameless: [], unused: [], runs: {}, journeys: {}, effects: [] },
    changes: [{ decision, body: change, triggers: own }],
    stuck: { parked: [], spilled: 0, deadLettered: null, lookedAt: null },
    ...{ unseen: null, more: false },
    ...more,
  };
}

export const UNSEEN: Unseen = { row: null, triggers: [], registrations: null, jobs: null, elsewhere: null };
