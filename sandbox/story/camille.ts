import { type Client, type Mail, surveyLink } from "../client.ts";
import { addressOf, caseOf, type Order, personId } from "../company/company.ts";
import { placeOrder } from "../history/agents.ts";
import { pageOf, runAbout } from "./runs.ts";
import type { Words } from "./words.ts";

const JOURNEY = "after-the-case";
const ORDER: Order = {
  number: "CMD-1042",
  of: "camille",
  lines: [
    ["Freins hydrauliques, vélo cargo", 1, 189],
    ["Pose et purge", 1, 58],
  ],
};
const DISCOUNT = /BOREAL-[A-Z0-9]{4}/;

/** One line of the story, and when in virtual time it happened. */
export type Say = (at: number | string, line: string) => void;

interface Case {
  readonly title: string;
  readonly ticketnumber: string;
  readonly statecode: number;
  readonly createdon: string;
}

/**
 * Plays what happens to Camille, line by line: her case is resolved, she is surveyed, dissatisfied, gets a discount,
 * orders, and the journey ends at its goal. Each step looks first whether it was made before: a story that was cut off
 * goes on, and one that was told is told again with nothing happening twice.
 */
export async function tellCamille(client: Client, words: Words, say: Say): Promise<void> {
  const { id } = caseOf("camille-brakes");
  const address = addressOf("camille");
  const it = (await client.read(`incidents(${id})?$select=title,ticketnumber,statecode,createdon`)) as unknown as Case;
  say(it.createdon, words.reports("Camille Lefèvre", it.title));

  const surveyMail = () => newest(client, address, (mail) => isSurvey(mail) && mail.subject.includes(it.ticketnumber));
  if ((await surveyMail()) === undefined && it.statecode === 0) await client.resolve(id);
  const survey = await there(client, surveyMail, "the survey's mail");
  say(survey.sentAt, words.resolves(it.ticketnumber));
  say(survey.sentAt, words.surveys(survey.subject));

  const discountMail = () =>
    newest(client, address, (mail) => DISCOUNT.test(mail.text) && mail.sentAt >= survey.sentAt);
  if ((await discountMail()) === undefined) await answer(client, survey);
  const discount = await there(client, discountMail, "the mail with the discount");
  say(discount.sentAt, words.answers);
  say(discount.sentAt, words.apologises(DISCOUNT.exec(discount.text)?.[0] ?? ""));

  if ((await orderedAt(client)) === undefined) {
    await client.advance("P3D");
    await placeOrder(client, ORDER);
  }
  const ordered = await there(client, () => orderedAt(client), "the order");
  say(ordered, words.waits);
  say(ordered, words.orders(ORDER.number));

  const run = await there(client, () => runAbout(client, JOURNEY, personId("camille"), id), "her run");
  const { ended } = run.row.state;
  if (ended?.as !== "goal") throw new Error(`her run did not reach its goal: ${pageOf(client, run)}`);
  say(ended.at, `${words.goal(ORDER.number)}  ${pageOf(client, run)}`);
}

/** Whether it was told before, to its end. */
export async function wasTold(client: Client): Promise<boolean> {
  return (await orderedAt(client)) !== undefined;
}

async function answer(client: Client, survey: Mail): Promise<void> {
  const link = surveyLink(survey);
  await client.mailbox("POST", `/mailbox/messages/${survey.id}/open`);
  await client.mailbox("POST", `/mailbox/messages/${survey.id}/click`, { url: link });
  // The mail may name the address of an earlier start, on other ports.
  const page = `${client.at.app}${new URL(link).pathname}`;
  const comment = "On nous avait dit « réparé ». Il freine encore moins qu’avant.";
  await client.answerSurvey(page, { satisfaction: "1", comment });
}

async function orderedAt(client: Client): Promise<string | undefined> {
  const filter = encodeURIComponent(`ordernumber eq '${ORDER.number}'`);
  const { value } = await client.read(`salesorders?$select=createdon&$filter=${filter}`);
  return (value as { createdon: string }[])[0]?.createdon;
}

async function newest(client: Client, address: string, wanted: (mail: Mail) => boolean): Promise<Mail | undefined> {
  const found = (await client.mails(address)).filter(wanted);
  return found.sort((a, b) => a.sentAt.localeCompare(b.sentAt)).at(-1);
}

function isSurvey({ html }: Mail): boolean {
  return html.includes("/survey/");
}

/** What must be there once nothing is under way any more. */
async function there<T>(client: Client, look: () => Promise<T | undefined>, what: string): Promise<T> {
  await client.advance("PT0S");
  const found = await look();
  if (found === undefined) throw new Error(`${what} did not come`);
  return found;
}
