import type { Client } from "../client.ts";
import { addressOf, caseOf, lastCaseOf, personId } from "../company/company.ts";
import { pageOf, runAbout } from "./runs.ts";
import type { Words } from "./words.ts";

/** One thing to try: what it is, commands to paste, and where to look. */
export interface Card {
  readonly title: string;
  readonly commands: readonly string[];
  readonly look: readonly string[];
}

const JOURNEY = "after-the-case";

/** The cards of the first page, as commands for a terminal. */
export async function cards(client: Client, words: Words): Promise<Card[]> {
  const { app, dataverse, communication, control } = client.at;
  const address = addressOf("oliver");
  const oliver = caseOf("oliver-brakes").id;
  const hugo = lastCaseOf("hugo");
  const explorer = new URL(dataverse).origin;
  const mailbox = `${communication}/?to=${encodeURIComponent(address)}`;
  const resolution = { subject: "Brakes adjusted", "incidentid@odata.bind": `/incidents(${oliver})` };
  const posted = (url: string, body: unknown) =>
    `curl -s -X POST '${url}' -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
  const jeanne = personId("jeanne");
  const [why] = await pages(client, personId("hugo"), [hugo]);
  const waiting = await pages(client, jeanne, [caseOf("jeanne-saddle").id, caseOf("jeanne-wheel").id]);
  const card = (name: keyof Words["cards"], commands: readonly string[], look: readonly string[]): Card => {
    const [title, hint] = words.cards[name];
    return { title, commands, look: [hint, ...look] };
  };
  return [
    card(
      "resolve",
      [posted(`${dataverse}/CloseIncident`, { IncidentResolution: resolution, Status: 5 })],
      [`${explorer}/#/incidents/${oliver}`],
    ),
    card(
      "open",
      [
        `SURVEY=$(curl -s '${communication}/mailbox/messages?to=${address}' | grep -o '${app}/survey/[A-Za-z0-9._-]*' | tail -1); echo "$SURVEY"`,
      ],
      [mailbox],
    ),
    card("answer", ['curl -s -o /dev/null "$SURVEY" -d satisfaction=1 -d comment="They still squeal."'], [mailbox]),
    card("skip", [posted(`${control}/clock`, { advance: "P7D" })], waiting),
    card("why", [`curl -s '${app}/api/decisions?about=incident:${hugo}'`], why === undefined ? [] : [why]),
    card("kill", ["npx node scripts/kill-under-load.ts"], []),
  ];
}

async function pages(client: Client, contact: string, records: readonly string[]): Promise<string[]> {
  const runs = await Promise.all(records.map((record) => runAbout(client, JOURNEY, contact, record)));
  return runs.flatMap((run) => (run === undefined ? [] : [pageOf(client, run)]));
}
