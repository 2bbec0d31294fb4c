import type { Client, Row } from "./client.ts";

const ENGLISH = 1033;
const FRENCH = 1036;

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

function label(english: string, french: string): Row {
  return {
    "@odata.type": "Microsoft.Dynamics.CRM.Label",
    LocalizedLabels: [
      { Label: english, LanguageCode: ENGLISH },
      { Label: french, LanguageCode: FRENCH },
    ],
  };
}
