import { type Client, type Row, surveyLink } from "../client.ts";
import {
  type Application,
  addressOf,
  CASES,
  type Contract,
  customer,
  idOf,
  type Lead,
  type Order,
  personId,
  personOf,
  plain,
  ticketOf,
} from "../company/company.ts";
import { ACCEPTED, RECEIVED, REFUSED, UNDER_REVIEW } from "../tables.ts";

const WEB = 3;
const CASE_SOLVED = 5;
const DAY_MS = 86_400_000;

/** What the people of Atelier Boréal and their customers do, each act as one or a few requests. */
export async function openCase(client: Client, position: number): Promise<void> {
  const it = CASES[position];
  if (it === undefined) return;
  await client.create("incidents", {
    incidentid: idOf("incidents", position),
    title: it.title,
    ticketnumber: ticketOf(position),
    caseorigincode: it.origin ?? WEB,
    ...customer(it.of),
    ...(it.contact === undefined ? {} : { "primarycontactid@odata.bind": `/contacts(${personId(it.contact)})` }),
  });
}

export async function changeCase(client: Client, position: number, row: Row): Promise<void> {
  await client.update("incidents", idOf("incidents", position), row);
}

export async function resolveCase(client: Client, position: number): Promise<void> {
  await client.resolve(idOf("incidents", position), CASES[position]?.status ?? CASE_SOLVED);
}

/** Opens the survey's mail, follows its link, answers. */
export async function answerSurvey(client: Client, position: number): Promise<void> {
  const it = CASES[position];
  if (it?.answer === undefined) return;
  const address = addressOf(it.contact ?? personOf(it.of));
  const ticket = ticketOf(position);
  const found = await client.mails(address);
  const mail = found.find(({ subject, html }) => subject.includes(ticket) && html.includes("/survey/"));
  if (mail === undefined) throw new Error(`${address} was sent no survey about ${ticket}`);
  const link = surveyLink(mail);
  await client.mailbox("POST", `/mailbox/messages/${mail.id}/open`);
  await client.mailbox("POST", `/mailbox/messages/${mail.id}/click`, { url: link });
  const [satisfaction, , comment = ""] = it.answer;
  const here = `${client.at.app}${new URL(link).pathname}`;
  const answered = await client.answerSurvey(here, { satisfaction: String(satisfaction), comment });
  if (!answered.ok) throw new Error(`the survey about ${ticket} answered ${answered.status}`);
}

/** An order with its lines: the lines come after, as when somebody types it in. */
export async function placeOrder(client: Client, order: Order, id?: string): Promise<string> {
  const total = order.lines.reduce((sum, [, quantity, price]) => sum + quantity * price, 0);
  const made = await client.create("salesorders", {
    ...(id === undefined ? {} : { salesorderid: id }),
    name: order.lines[0]?.[0] ?? order.number,
    ordernumber: order.number,
    totalamount: Math.round(total * 100) / 100,
    ...customer(order.of),
  });
  for (const [at, [productdescription, quantity, priceperunit]] of order.lines.entries())
    await client.create("salesorderdetails", {
      productdescription,
      quantity,
      priceperunit,
      lineitemnumber: at + 1,
      "salesorderid@odata.bind": `/salesorders(${made})`,
    });
  return made;
}

export async function addLead(client: Client, position: number, lead: Lead): Promise<void> {
  const { key: _key, arrives: _arrives, ...columns } = lead;
  const emailaddress1 = `${plain(lead.firstname)}.${plain(lead.lastname)}@example.org`;
  await client.create("leads", { leadid: idOf("leads", position), emailaddress1, ...columns });
}

export async function draftContract(client: Client, position: number, contract: Contract, at: number): Promise<void> {
  const until = new Date(at);
  until.setUTCMonth(until.getUTCMonth() + contract.months);
  const { "customerid_contact@odata.bind": contact, "customerid_account@odata.bind": account } = customer(contract.of);
  await client.create("contracts", {
    contractid: idOf("contracts", position),
    title: contract.title,
    totalprice: contract.price,
    activeon: dayOf(at),
    expireson: dayOf(until.getTime() - DAY_MS),
    ...(contact === undefined
      ? { "customerid_account@odata.bind": account, "billingcustomerid_account@odata.bind": account }
      : { "customerid_contact@odata.bind": contact, "billingcustomerid_contact@odata.bind": contact }),
  });
}

export async function receiveApplication(client: Client, position: number, it: Application): Promise<void> {
  await client.create("ab_demandes", {
    ab_demandeid: idOf("ab_demandes", position),
    ab_name: it.number,
    ab_montant: it.amount,
    ab_statut: RECEIVED,
    "ab_demandeurid@odata.bind": `/contacts(${personId(it.of)})`,
  });
}

export async function studyApplication(client: Client, position: number): Promise<void> {
  await client.update("ab_demandes", idOf("ab_demandes", position), { ab_statut: UNDER_REVIEW });
}

export async function decideApplication(client: Client, position: number, it: Application): Promise<void> {
  const ab_statut = it.as === "accepted" ? ACCEPTED : REFUSED;
  await client.update("ab_demandes", idOf("ab_demandes", position), { ab_statut });
}

/** Two rows of one person become one. */
export async function mergePeople(client: Client, stays: string, goes: string): Promise<void> {
  const contact = (key: string) => ({ "@odata.type": "Microsoft.Dynamics.CRM.contact", contactid: personId(key) });
  await client.post("Merge", {
    Target: contact(stays),
    Subordinate: contact(goes),
    PerformParentingChecks: false,
  });
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
