import type { Phrases } from "./phrases.ts";

export const english: Phrases = {
  locale: "en-GB",
  quoted: (name) => `“${name}”`,

  entered: (trigger) => `Entered by ${trigger}`,
  mail: (name) => `mail ${name}`,
  survey: (name) => `survey ${name}`,
  step: (id) => `step ${id}`,
  cameTo: (what) => `Came to ${what}`,
  aCode: "the discount code",
  aBranch: "the branch",
  theExit: "the exit",
  waitsUntil: (when) => `Waits until ${when}`,
  waitsForUntil: (what, when) => `Waits for ${what}, until ${when} at the latest`,

  sent: (what) => `${capital(what)} sent`,
  sentToSurvivor: (what) => `${capital(what)} sent, to the contact that this one was merged into`,
  suppressed: (why) => `Not sent: ${why}`,
  suppressedWhy: {
    "no-consent": "the person withdrew consent",
    unsubscribed: "the address was unsubscribed",
    "no-address": "the person has no e-mail address",
    inactive: "the person’s row is inactive",
    "person-missing": "the person’s row no longer exists",
  },
  failed: (what, why) => `${capital(what)} failed: ${why}`,
  unknown: (what) => `Whether ${what} was sent is unknown: the mail provider never said`,
  drew: "Discount code drawn",
  chose: (arm) => `Branch: ${arm}`,
  choseNone: "Branch: no condition held",
  waitOver: "The wait is over",
  unanswered: (survey) => `${capital(survey)} was not answered in time`,
  inVain: (trigger) => `${trigger} did not happen in time`,
  answered: (survey) => `${capital(survey)} answered`,
  happened: (trigger) => `${trigger} happened`,
  interactions: {
    "survey-answered": "Survey answered",
    "mail-sent": "Mail sent",
    "mail-delivered": "Mail delivered",
    "mail-bounced": "Mail bounced",
    "mail-opened": "Mail opened",
    "mail-clicked": "Link in a mail clicked",
    "mail-unsubscribed": "Unsubscribed",
    "contact-merged": "Contact merged",
  },
  held: (why) => `On hold: ${why}`,
  heldWhy: {
    lease: "the mail provider has yet to answer",
    throttled: "the mail provider’s limit is reached",
    "no-answer": "the mail provider does not say whether the mail was sent",
    "pool-empty": "no discount code is left",
    paused: "paused by an operator",
    dataverse: "Dataverse refuses to be read",
  },
  goal: (name) => `Goal reached: ${name}`,
  exit: (name) => `Left by an exit: ${name}`,
  completed: "Came to the end of the journey",
  paused: "Paused by an operator",
  resumed: "Resumed by an operator",
  stopped: "Stopped by an operator",
  moved: (to) => `Moved by an operator to ${to}`,
  migrated: (version) => `Moved to version ${version}`,
  other: "Something that this version of Parcours has no word for",

  waits: {
    timeOver: "the end of the wait",
    answer: (survey) => `an answer to ${survey}`,
    held: {
      lease: "the mail provider’s answer",
      throttled: "room within the mail provider’s limit",
      "no-answer": "word of the mail provider whether the mail was sent",
      "pool-empty": "discount codes: none is left",
      paused: "an operator to resume it",
      dataverse: "Dataverse to let itself be read",
    },
  },
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
