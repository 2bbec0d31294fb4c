import type { Client, Row } from "./client.ts";

const ENGLISH = 1033;
const FRENCH = 1036;

/** `ab_statut` of an application. */
export const RECEIVED = 100_000_000;
export const UNDER_REVIEW = 100_000_001;
export const ACCEPTED = 100_000_002;
export const REFUSED = 100_000_003;

/** What the sample company added to Dataverse: its customers' language, and a table of its own. */
export async function createTables(client: Client): Promise<void> {
  for (const table of ["contact", "lead"])
    await client.post(
      `EntityDefinitions(LogicalName='${table}')/Attributes`,
      text("ab_langue", "Language", "Langue", 5),
    );
  await client.post("EntityDefinitions", {
    "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
    SchemaName: "ab_demande",
    DisplayName: label("Application", "Demande de financement"),
    DisplayCollectionName: label("Applications", "Demandes de financement"),
    OwnershipType: "UserOwned",
    HasNotes: false,
    HasActivities: false,
    PrimaryNameAttribute: "ab_name",
    Attributes: [{ ...text("ab_name", "Number", "Numéro", 100), IsPrimaryName: true }],
  });
  const columns = "EntityDefinitions(LogicalName='ab_demande')/Attributes";
  await client.post(columns, {
    "@odata.type": "Microsoft.Dynamics.CRM.MoneyAttributeMetadata",
    SchemaName: "ab_montant",
    DisplayName: label("Amount", "Montant"),
  });
  await client.post(columns, {
    "@odata.type": "Microsoft.Dynamics.CRM.PicklistAttributeMetadata",
    SchemaName: "ab_statut",
    DisplayName: label("Status", "Statut"),
    DefaultFormValue: RECEIVED,
    OptionSet: {
      IsGlobal: false,
      OptionSetType: "Picklist",
      Options: [
        option(RECEIVED, "Received", "Reçue"),
        option(UNDER_REVIEW, "Under review", "À l’étude"),
        option(ACCEPTED, "Accepted", "Acceptée"),
        option(REFUSED, "Refused", "Refusée"),
      ],
    },
  });
  await client.post("RelationshipDefinitions", {
    "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
    SchemaName: "ab_contact_ab_demande",
    ReferencedEntity: "contact",
    ReferencingEntity: "ab_demande",
    Lookup: { SchemaName: "ab_demandeurid", DisplayName: label("Applicant", "Demandeur") },
  });
}

function text(SchemaName: string, english: string, french: string, MaxLength: number): Row {
  return {
    "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
    SchemaName,
    DisplayName: label(english, french),
    MaxLength,
    FormatName: { Value: "Text" },
  };
}

function option(Value: number, english: string, french: string): Row {
  return { Value, Label: label(english, french) };
}

function label(english: string, french: string): Row {
  return {
    "@odata.type": "Microsoft.Dynamics.CRM.Label",
    LocalizedLabels: [
      { Label: english, LanguageCode: ENGLISH },
      { Label: french, LanguageCode: FRENCH },
    ],
  };
}
