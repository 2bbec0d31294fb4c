import type { TriggerEvent } from "../../../shared/domain/event.ts";
import { type Journey, type JourneyVersion, journey } from "../../../shared/domain/journey.ts";
import { begin, type Progress } from "../../../shared/domain/machine.ts";
import type { Fact } from "../../../shared/domain/run.ts";

export const NOW = Date.parse("2026-03-01T09:00:00.000Z");
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const ANNA = "contact:anna";
export const BEN = "contact:ben";
export const CASE = { table: "incident", id: "case-1" };
export const OTHER_CASE = { table: "incident", id: "case-2" };
export const RUN = `${ANNA}~0123456789abcdef`;

/** A journey out of its steps, entered by `case-resolved`. */
export function journeyOf(document: object): Journey {
  return journey.parse({ slug: "sample", name: "Sample", entry: { trigger: "case-resolved" }, ...document });
}

export function versionOf(document: object, version = 1): JourneyVersion {
  const parsed = journeyOf(document);
  const publishedAt = new Date(NOW).toISOString();
  return { version, publishedAt, journey: parsed, mails: {}, surveys: {}, uses: { cares: [], columns: {} } };
}

export function eventOf(trigger: string, what: Partial<TriggerEvent> = {}, at = NOW): TriggerEvent {
  const time = new Date(at).toISOString();
  return {
    id: `${trigger}@${time}`,
    trigger,
    change: `change of ${trigger}@${time}`,
    at: time,
    received: time,
    record: CASE,
    candidates: [],
    member: ANNA,
    run: null,
    step: null,
    before: {},
    after: {},
    changeRef: null,
    by: null,
    depth: 1,
    tag: null,
    message: "update",
    hops: 0,
    ...what,
  };
}

export function entered(version: JourneyVersion, entry = eventOf("case-resolved"), now = NOW): Progress {
  return begin(version, entry, { run: RUN, member: ANNA, epoch: 0 }, now);
}

/** A trace in a few words: `ask arrived`, `· goal ordered`. */
export function said(facts: readonly Fact[]): string[] {
  return facts.map(({ step, kind, detail }) => [step ?? "·", kind, detail].filter((word) => word !== null).join(" "));
}
