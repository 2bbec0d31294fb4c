import type { PersonReason } from "./phrases.ts";
import type { Speaker } from "./speaker.ts";

const REASONS: readonly (readonly [RegExp, PersonReason])[] = [
  [/^the (row|event) names nobody$/, "names-nobody"],
  [/^the account is gone$/, "account-gone"],
  [/^the account has no primary contact$/, "no-primary-contact"],
  [/^the contact is gone$/, "contact-gone"],
  [/^the lead is gone$/, "lead-gone"],
  [/^the contact was merged in a circle$/, "merge-circle"],
  [/^no active \w+ has this \w+$/, "no-such-person"],
  [/^more than one active \w+ has this \w+$/, "several-persons"],
  [/^the \w+ names no \w+$/, "lookup-empty"],
];

/** Why an event led to nobody: each way that was tried, once each. What is no reason of ours is said as it stands. */
export function tellNobody(reason: string, speaker: Speaker): string {
  const { people } = speaker.say.entry;
  const told = reason.split("; ").map((part) => {
    const text = part.replace(/^[A-Za-z][\w.]*(:\w+)?: /, "");
    const known = REASONS.find(([shape]) => shape.test(text));
    return known === undefined ? text : people[known[1]];
  });
  return new Intl.ListFormat(speaker.say.locale, { type: "conjunction" }).format([...new Set(told)]);
}
