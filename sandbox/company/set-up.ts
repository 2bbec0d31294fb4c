import type { Client } from "../client.ts";
import { publishDefinitions } from "../definitions.ts";
import { createTables } from "../tables.ts";
import { ACCOUNTS, accountId, addressOf, CODES, PEOPLE, POOL, personId } from "./company.ts";

/** What Atelier Boréal has on its first day: tables, people, accounts, discount codes, definitions. */
export async function setUpCompany(client: Client): Promise<void> {
  await createTables(client);
  await addPeople(client);
  await client.api("POST", `/api/discount-pools/${POOL}/codes`, { codes: CODES });
  // Last: what was there before Parcours must not start journeys.
  await publishDefinitions(client);
}

async function addPeople(client: Client): Promise<void> {
  for (const { key, ...columns } of PEOPLE)
    await client.create("contacts", { contactid: personId(key), emailaddress1: addressOf(key), ...columns });
  for (const { key, primary, ...columns } of ACCOUNTS)
    await client.create("accounts", {
      accountid: accountId(key),
      ...columns,
      ...(primary === undefined ? {} : { "primarycontactid@odata.bind": `/contacts(${personId(primary)})` }),
    });
  await client.mailbox("POST", "/mailbox/recipients", { [addressOf("anais")]: "Bounced" });
}
