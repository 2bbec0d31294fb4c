import { describe, expect, it } from "@jest/globals";
import { type Journey, journey as schema } from "../../../shared/domain/journey.ts";
import type { Fact, FactKind, HoldReason, SuppressedReason } from "../../../shared/domain/run.ts";
import { INTERACTIONS } from "../../../shared/domain/trigger.ts";
import { type PageLanguage, sentence, type Telling, tell, waitsFor } from "../../../shared/domain/words.ts";

const NOON = Date.parse("2026-11-22T12:00:00Z");
const HELD: Record<HoldReason, true> = {
  lease: true,
  throttled: true,
  "no-answer": true,
  "pool-empty": true,
  paused: true,
  dataverse: true,
};
const SUPPRESSED: Record<SuppressedReason, true> = {
  "no-consent": true,
  unsubscribed: true,
  "no-address": true,
  inactive: true,
  "person-missing": true,
};
/** Every kind of fact, with each detail that the machine gives it. A new kind fails to compile until it is here. */
const DETAILS: Record<FactKind, readonly (string | null)[]> = {
  entered: ["case-resolved", ...INTERACTIONS],
  arrived: [null],
  sent: [null],
  suppressed: Object.keys(SUPPRESSED),
  failed: ["400 InvalidRequest: the address is malformed"],
  unknown: [null],
  drew: [null],
  chose: ["dissatisfied", "otherwise"],
  elapsed: [null],
  happened: ["order-created", ...INTERACTIONS],
  held: Object.keys(HELD),
  goal: ["order placed"],
  exit: ["case reopened"],
  completed: [null],
  paused: [null],
  resumed: [null],
  stopped: [null],
  moved: ["tell", "pause"],
  migrated: ["2"],
};
const KINDS = Object.keys(DETAILS) as FactKind[];

const journey: Journey = schema.parse({
  slug: "after-the-case",
  name: "After the case",
  entry: { trigger: "case-resolved" },
  start: "ask",
  steps: {
    ask: { kind: "survey", survey: "after", mail: "invite", answered: "judge", unanswered: null },
    judge: {
      kind: "branch",
      arms: [{ name: "dissatisfied", when: { kind: "all", of: [] }, next: "code" }],
      otherwise: "tell",
    },
    code: { kind: "discount", pool: "apology", next: "tell" },
    tell: { kind: "email", mail: "sorry", next: "pause" },
    pause: { kind: "wait", duration: "P2D", next: "order" },
    order: { kind: "wait-for", trigger: "order-created", within: "P7D", happened: null, elapsed: "leave" },
    leave: { kind: "exit", reason: "no order" },
  },
});
const PLACES = [...Object.keys(journey.steps), "gone", null];

const telling = (language: PageLanguage): Telling => ({
  language,
  journey,
  names: {
    triggers: { "case-resolved": "Support case status updated", "order-created": "Order created" },
    mails: { sorry: "We are sorry", invite: "Invitation" },
    surveys: { after: "After the case" },
  },
});

const fact = (kind: FactKind, detail: string | null = null, step: string | null = null): Fact => ({
  at: NOON,
  kind,
  step,
  visit: step === null ? null : 1,
  detail,
  event: null,
});
const english = (...of: Parameters<typeof fact>): string => sentence(fact(...of), telling("en"));
const french = (...of: Parameters<typeof fact>): string => sentence(fact(...of), telling("fr"));

describe.each(["en", "fr"] as const)("what happened to a run, in %s", (language) => {
  it.each(KINDS)("has a sentence for %s at every kind of step, without a word of the machine", (kind) => {
    for (const detail of DETAILS[kind])
      for (const step of PLACES) {
        const said = sentence(fact(kind, detail, step), telling(language));
        expect(said).toMatch(/^\p{Lu}|^[“«]/u);
        expect(said).not.toMatch(/undefined|null|NaN|Invalid Date|payload|instance|webhook|statecode/);
        expect(said.trim()).toBe(said);
      }
  });

  it("differs for each reason", () => {
    for (const kind of ["suppressed", "held"] as const) {
      const said = DETAILS[kind].map((detail) => sentence(fact(kind, detail), telling(language)));
      expect(new Set(said).size).toBe(DETAILS[kind].length);
    }
  });

  it("says of what a newer build wrote that it has no word for it, and does not fail", () => {
    expect(sentence({ ...fact("entered"), kind: "teleported" as FactKind }, telling(language))).toContain("Parcours");
    expect(sentence(fact("held", "new-reason"), telling(language))).toContain("new-reason");
  });
});

describe("what happened to a run", () => {
  it("names triggers, mails and surveys as their authors do", () => {
    expect(english("entered", "case-resolved")).toBe("Entered by “Support case status updated”");
    expect(french("entered", "case-resolved")).toBe("Entrée par «\u00a0Support case status updated\u00a0»");
    expect(english("sent", null, "ask")).toBe("Survey “After the case” sent");
    expect(french("sent", null, "tell")).toBe("Envoi de l’e-mail «\u00a0We are sorry\u00a0»");
    expect(english("happened", "survey-answered", "ask")).toBe("Survey “After the case” answered");
    expect(english("happened", "order-created", "order")).toBe("“Order created” happened");
  });

  it("says why a mail was not sent, whose goal was reached, which arm was taken", () => {
    expect(english("suppressed", "no-consent", "tell")).toBe("Not sent: the person withdrew consent");
    expect(french("suppressed", "no-consent", "tell")).toBe("Non envoyé\u00a0: la personne a retiré son consentement");
    expect(english("goal", "order placed")).toBe("Goal reached: order placed");
    expect(english("chose", "dissatisfied", "judge")).toBe("Branch: dissatisfied");
    expect(english("chose", "otherwise", "judge")).toBe("Branch: no condition held");
    expect(english("drew", null, "code")).toBe("Discount code drawn");
  });

  it("says until when a wait lasts, in the journey's own zone", () => {
    expect(english("arrived", null, "pause")).toBe("Waits until 24 Nov 2026, 13:00");
    expect(french("arrived", null, "order")).toBe(
      "Attente de «\u00a0Order created\u00a0», jusqu’au 29 nov. 2026, 13:00 au plus tard",
    );
  });

  it("leaves out an arrival whose result follows, and keeps those that wait or that nothing followed yet", () => {
    const facts = [
      fact("entered", "case-resolved"),
      fact("arrived", null, "ask"),
      fact("sent", null, "ask"),
      fact("happened", "survey-answered", "ask"),
      fact("arrived", null, "pause"),
      fact("elapsed", null, "pause"),
      fact("arrived", null, "tell"),
    ];
    expect(tell(facts, telling("en")).map(({ text }) => text)).toEqual([
      "Entered by “Support case status updated”",
      "Survey “After the case” sent",
      "Survey “After the case” answered",
      "Waits until 24 Nov 2026, 13:00",
      "The wait is over",
      "Came to mail “We are sorry”",
    ]);
  });
});

describe("what a run waits for", () => {
  const waits = (step: string | null, hold: HoldReason | null, waiting: boolean, language: PageLanguage = "en") =>
    waitsFor({ step, hold, waiting }, telling(language));

  it("is its step's event, answer or time", () => {
    expect(waits("ask", null, true)).toBe("an answer to survey “After the case”");
    expect(waits("order", null, true, "fr")).toBe("«\u00a0Order created\u00a0»");
    expect(waits("pause", null, true)).toBe("the end of the wait");
  });

  it("is what holds its effect, wherever it stands", () => {
    for (const language of ["en", "fr"] as const) {
      const said = (Object.keys(HELD) as HoldReason[]).map((hold) => waits("tell", hold, true, language));
      expect(new Set(said).size).toBe(Object.keys(HELD).length);
      expect(said.join()).not.toMatch(/undefined|null/);
    }
  });

  it("is nothing where it acts or has ended", () => {
    expect(waits("tell", null, false)).toBeUndefined();
    expect(waits(null, null, false)).toBeUndefined();
  });
});
