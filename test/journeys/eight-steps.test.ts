import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Client, Row } from "../../sandbox/client.ts";
import { publish } from "../../sandbox/definitions.ts";
import { type Stack, startStack } from "../support/stack.ts";

interface Offer {
  readonly table: string;
  readonly label: string;
  readonly group: string;
}
interface Column {
  readonly column: string;
  readonly label: string;
  readonly options: readonly { readonly value: number; readonly label: string }[];
}
interface Audience {
  readonly proposal: { readonly audience: readonly object[]; readonly coverage: Readonly<Record<string, number>> };
}
interface Decided {
  readonly kind: string;
  readonly outcome?: string;
  readonly fired?: readonly string[];
}

const THANKS = {
  ...{ slug: "resolved", name: "Resolved", purpose: "transactional", fallback: "fr" },
  variants: { fr: { subject: "{{ event.title }} : {{ event.statecode }}", html: "<p>Merci !</p>" } },
};

/** What the page of a trigger does, step after step, with nothing but what the step before answered. */
class Author {
  readonly http: Client;

  constructor(http: Client) {
    this.http = http;
  }

  /** Steps 1 and 2: the triggers that there are, then a new one. */
  async triggers(): Promise<readonly { readonly slug: string }[]> {
    return this.http.api("GET", "/api/triggers");
  }

  /** Step 5: the table, found by what it is called. */
  async table(words: string): Promise<string> {
    const offers = await this.http.api<Offer[]>(
      "GET",
      `/api/dataverse/tables?lang=fr&refresh=1&search=${encodeURIComponent(words)}`,
    );
    const found = offers.find(({ label }) => label === words);
    if (found === undefined) throw new Error(`no table is called ${words}: ${JSON.stringify(offers)}`);
    return found.table;
  }

  /** Step 6: who it is about, as proposed. */
  async audience(table: string): Promise<readonly object[]> {
    return (await this.http.api<Audience>("GET", `/api/dataverse/tables/${table}/audience?lang=fr`)).proposal.audience;
  }

  /** Step 7: a column by its label. */
  async column(table: string, label: string): Promise<Column> {
    const { columns } = await this.http.api<{ columns: Column[] }>("GET", `/api/dataverse/tables/${table}?lang=fr`);
    const found = columns.find((column) => column.label === label);
    if (found === undefined) throw new Error(`${table} has no column ${label}`);
    return found;
  }

  /** Step 8: saved, and ready to use. */
  async ready(trigger: { readonly slug: string; readonly [more: string]: unknown }): Promise<Row> {
    const { problems } = await this.http.api<{ problems: object[] }>("PUT", `/api/triggers/${trigger.slug}`, trigger);
    expect(problems).toEqual([]);
    return this.http.api("POST", `/api/triggers/${trigger.slug}/publish`);
  }
}

describe("a trigger and a journey with it, through the API alone", () => {
  let stack: Stack;
  let http: Client;
  let author: Author;
  beforeAll(async () => {
    stack = await startStack({ settings: { PARCOURS_REGISTER: "on", PARCOURS_LANGUAGE_COLUMN: "" } });
    http = stack.http;
    author = new Author(http);
  });
  afterAll(() => stack.stop());

  const person = (address: string) => http.create("contacts", { firstname: "Zoé", emailaddress1: address });
  const mailsTo = async (address: string) => {
    await http.advance("PT0S");
    return (await http.mails(address)).map(({ subject }) => subject);
  };

  it("the eight steps of the seed, then a case resolved in Dataverse starts the run, and no other change does", async () => {
    // 1, 2: the page of triggers; a new one.
    expect(await author.triggers()).toEqual([]);
    // 3, 4: its name, and the card of a record that is linked to a customer.
    const head = { kind: "record", slug: "statut-incident", name: "Statut de l’incident de support mis à jour" };
    // 5: the table.
    const table = await author.table("Incident");
    // 6: which column holds the audience.
    const audience = await author.audience(table);
    expect(audience[0]).toEqual({ column: "customerid", table: "contact" });
    // 7: the action, and its columns.
    const status = await author.column(table, "Statut");
    const updated = { columns: [status.column] };
    // 8: ready to use.
    expect(await author.ready({ ...head, table, audience, updated })).toEqual({ revision: 1 });

    // "Use this to create a journey": the trigger tells every change of the status, the filter asks for Resolved.
    const resolved = status.options.find(({ label }) => label === "Résolu")?.value;
    const filter = { kind: "compare", field: `event.${status.column}`, op: "eq", value: resolved };
    await publish(http, "mails", THANKS);
    await publish(http, "journeys", {
      ...{ slug: "after-the-case", name: "Après l’incident", entry: { trigger: head.slug, filter } },
      ...{ start: "thank", steps: { thank: { kind: "email", mail: THANKS.slug, next: null } } },
    } as never);

    const customer = await person("zoe@example.com");
    const incident = await http.create("incidents", {
      title: "Le frein grince",
      "customerid_contact@odata.bind": `/contacts(${customer})`,
    });
    await http.update("incidents", incident, { prioritycode: 1 });
    await http.update("incidents", incident, { statecode: 2, statuscode: 6 });
    await http.update("incidents", incident, { statecode: 0, statuscode: 1 });
    expect(await mailsTo("zoe@example.com")).toEqual([]);
    await http.resolve(incident);
    expect(await mailsTo("zoe@example.com")).toEqual(["Le frein grince : Résolu"]);
    const decided = await http.api<Decided[]>("GET", `/api/decisions?about=incident:${incident}`);
    const entries = decided.filter(({ kind }) => kind === "entry").map(({ outcome }) => outcome);
    expect(entries.sort()).toEqual(["entered", "turned-away", "turned-away"]);
  });

  it("the same steps on a custom table that somebody made a minute ago: a row of it starts the run", async () => {
    const label = (text: string) => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1036 }] });
    await http.post("EntityDefinitions", {
      ...{
        "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
        SchemaName: "new_essai",
        OwnershipType: "UserOwned",
      },
      ...{ DisplayName: label("Essai routier"), DisplayCollectionName: label("Essais routiers") },
      PrimaryNameAttribute: "new_name",
      Attributes: [
        {
          "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
          ...{ SchemaName: "new_name", DisplayName: label("Vélo"), MaxLength: 100, IsPrimaryName: true },
          FormatName: { Value: "Text" },
        },
      ],
    });
    await http.post("RelationshipDefinitions", {
      "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
      ...{ SchemaName: "new_contact_new_essai", ReferencedEntity: "contact", ReferencingEntity: "new_essai" },
      Lookup: { SchemaName: "new_clientid", DisplayName: label("Client") },
    });
    await http.advance("PT1M");

    const table = await author.table("Essai routier");
    const audience = await author.audience(table);
    expect({ table, audience }).toEqual({
      table: "new_essai",
      audience: [{ column: "new_clientid", table: "contact" }],
    });
    const head = { kind: "record", slug: "essai", name: "Essai réservé" };
    expect(await author.ready({ ...head, table, audience, created: true })).toEqual({ revision: 1 });
    const variants = { fr: { subject: "Votre essai : {{ event.new_name }}", html: "<p>À bientôt</p>" } };
    await publish(http, "mails", { ...THANKS, slug: "essai", variants } as never);
    await publish(http, "journeys", {
      ...{ slug: "essai", name: "Essai", entry: { trigger: "essai" } },
      ...{ start: "tell", steps: { tell: { kind: "email", mail: "essai", next: null } } },
    } as never);
    const rider = await person("gael@example.com");
    const client = { "new_clientid@odata.bind": `/contacts(${rider})` };
    await http.create("new_essais", { new_name: "Gravel 54", ...client });
    expect(await mailsTo("gael@example.com")).toEqual(["Votre essai : Gravel 54"]);
  });
});
