import type { TwicePhrases } from "./twice-phrases.ts";

export const englishTwice: TwicePhrases = {
  records: (who, journey, one, other) =>
    `${capital(who)} entered ${journey} twice, for two records: ${one} and ${other}.`,
  events: (who, journey, trigger) =>
    `${capital(who)} entered ${journey} twice: ${trigger} came twice and named no record.`,
  always: (who, journey) =>
    `${capital(who)} entered ${journey} twice: two changes, and its setting lets people enter again.`,
  people: (journey, count) => `${count} rows of persons entered ${journey}, one for each row that shares this address.`,
  journeys: (who, one, other) => `${capital(who)} is in two journeys: ${one} and ${other}.`,
  reset: (who, journey, row) => `${capital(who)} entered ${journey} twice for ${row}: an operator let that happen.`,
  once: (who, journey, when) => `Only once: ${who} entered ${journey} on ${when}.`,
  never: (who, journey) =>
    `Not once: ${who} entered ${journey ?? "no journey"}${journey === null ? "" : " not at all"}.`,
  entry: (journey, when) => `Entered ${journey} on ${when}`,
  mendRecords: "An entry “never again”, or a delay between two entries, in the journey’s settings.",
  mendAlways: "An entry “once for each record”, or a longer delay between two entries.",
  mendPeople: "Merge the rows in Dynamics: one person, one row.",
  members: (journey, row) => `Two persons entered ${journey} for ${row}: whom it is about changed in between.`,
  loop: (who, journey, mail) =>
    `${capital(who)} came to ${mail} twice in one run of ${journey}: its steps lead back there.`,
  mendMembers: "An entry filter that asks for more than the record’s status.",
  mendLoop: "A branch or a wait before the step that leads back.",
  mendJourneys: "An entry filter that leaves out who is in the other journey, or a limit of mails for each person.",
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
