import type { CausePhrases } from "./cause-phrases.ts";

const AND = new Intl.ListFormat("en-GB", { type: "conjunction" });

export const englishCauses: CausePhrases = {
  names: {
    "not-in-save": "The save did not include what a trigger listens to",
    bypassed: "The save went round Dataverse’s own logic",
    "registration-off": "Dataverse was not told to tell Parcours",
    "webhook-lost": "Dataverse’s message to Parcours was lost",
    "before-trigger": "The change was made before the trigger was published",
    "older-than-kept": "The change is older than what is kept",
    "another-environment": "It was made in another environment, or is gone from this one",
    stuck: "Its message came, and lies somewhere",
  },
  verdicts: { found: "found", "ruled-out": "ruled out", unknown: "can’t tell" },

  onlyCreated: (when) =>
    `The row was created on ${when} and not changed since, and no trigger of this table listens to creations.`,
  noTriggerOfTable: "No trigger of this table is published: nobody listens to it.",
  listened: (triggers) => AND.format(triggers),
  listenedAny: (trigger) => `${trigger} listens to every column.`,
  listensToNothing: "nothing",
  listens: (trigger, to) => `${trigger} listens to ${to}`,
  unchangedSince: (columns, when) =>
    `${columns} are as they were when the last change came (${when}): the save since then was about other columns.`,
  movedSince: (columns, when) => `${columns} got another value since the last change came (${when}).`,
  columnsUnknown: (triggers) =>
    `Dataverse does not say which columns a save included. Compare it with what is listened to: ${AND.format(triggers)}.`,
  noChangeSince: (when) => `The row was last saved on ${when}: no later than the last change that came.`,

  bypassedByExclusion:
    "The value changed, the registration is on and no message failed: somebody saved with custom logic switched off, as some imports and tools do.",
  bypassedUnknown: "Dataverse leaves no trace of it. Ask who made the save, and with which tool.",
  bypassedNot: "There is no save that did not come.",

  faults: {
    "endpoint-missing": "Dataverse does not know where to tell it",
    "endpoint-elsewhere": "Dataverse tells it to another address",
    "step-missing": "no step is registered for it",
    "step-off": "the registered step is switched off",
    "columns-missing": "the registered step leaves out columns that a trigger listens to",
  },
  offSince: (what, since, by) =>
    `Now: ${what}${since === null ? "" : `, since ${since}`}${by === null ? "" : `, by ${by}`}.`,
  offThen: (from, to) => `It was not as it should be from ${from} to ${to}.`,
  registrationFine: "It is registered and on, and nobody touched it then.",
  registrationUnknown: "Dataverse could not be asked.",
  registrationOfNoTrigger: "No published trigger needs a registration of this table.",

  jobFailed: (when, message) => `Dataverse gave it up on ${when}${message === null ? "" : `: ${message}`}.`,
  jobWaiting: (when) => `Dataverse has not sent it yet: it waits since ${when}.`,
  noJob: "Dataverse has no failed and no waiting message about this record.",
  jobsUnknown: "Dataverse’s system jobs could not be asked.",

  changedBefore: (changed, published) =>
    `It was last saved on ${changed}; the first trigger of this table was published on ${published}.`,
  changedWhileStopped: (changed) => `When it was last saved, on ${changed}, no trigger of this table was published.`,
  changedAfter: (changed, published) =>
    `It was last saved on ${changed}, and a trigger of this table is published since ${published}.`,
  publishedUnknown: "When the trigger was published first was not kept.",

  tooOld: (changed, days) => `It was last saved on ${changed}; what came is kept for ${days} days.`,
  kept: (changed, days) => `It was last saved on ${changed}, within the ${days} days that are kept.`,
  changeTimeUnknown: "When the row was last saved could not be asked.",

  otherHost: (asked, connected) => `The address is of ${asked}; this Parcours is connected to ${connected}.`,
  foreign: (when) => `A change of it came from another organisation on ${when}, and was set aside.`,
  rowMissing: "The connected organisation has no such row: it is of another one, or was deleted.",
  sameEnvironment: "The connected organisation has this row.",
  environmentUnknown: "Dataverse could not be asked whether it has this row.",

  parked: (where, when, reason) => `${where} on ${when}: ${reason}.`,
  spilled: "It waits until the bus takes messages again.",
  deadUnknown: "Nothing that was set aside names it; the bus could not be asked for its dead letters.",
  deadLettered: "It lies in the bus’s dead letters.",
  notStuck: (lookedAt) =>
    lookedAt === null
      ? "Nothing that was set aside names it."
      : `Of the newest ${lookedAt} that were set aside, none names it.`,

  mend: {
    "not-in-save": "A save that includes what the trigger listens to, or a trigger that listens to more.",
    bypassed:
      "Have the tool save without going round custom logic. Where the table’s change tracking is on, Parcours finds such saves by itself some minutes later.",
    "registration-off": "Switch it on again in Dataverse, or set PARCOURS_MEND_DRIFT=on: Parcours does it then.",
    "webhook-lost": "Make the change once more, or wait: Parcours looks for lost messages by itself.",
    "before-trigger": "A new change, or catch up from the trigger’s page.",
    "older-than-kept": "Nothing: raise the setting PARCOURS_KEPT_DAYS to keep the next ones longer.",
    "another-environment": "Ask in the Parcours of that environment.",
    stuck: "Look at the messages that were set aside, and replay it.",
    none: "Make the change once, and look here again.",
  },
  noneFound: "None of the causes that can be checked is the reason.",
  sources: {
    malformed: "It came in a form that could not be read, and was set aside",
    foreign: "It came from another organisation, and was set aside",
    permanent: "It could not be worked on, and was set aside",
    unknown: "It came without values, so that nobody can tell what it fires, and was set aside",
    transient: "It could not be worked on for the moment, and will be tried again; set aside",
  },
};
