import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Api, type Json, openApi } from "./api.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const INCIDENT = "EntityDefinitions(LogicalName='incident')";

function label(en: string, fr: string): Json {
  return {
    LocalizedLabels: [
      { Label: en, LanguageCode: 1033 },
      { Label: fr, LanguageCode: 1036 },
    ],
  };
}

function attribute(kind: string, schemaName: string, more: Json = {}): Json {
  return { "@odata.type": `Microsoft.Dynamics.CRM.${kind}AttributeMetadata`, SchemaName: schemaName, ...more };
}

describe("metadata", () => {
  it("lists tables, whole or by a filter", async () => {
    const some = await api.rows(
      "EntityDefinitions?$select=LogicalName,EntitySetName,PrimaryNameAttribute,ChangeTrackingEnabled&$filter=LogicalName eq 'opportunity'",
    );
    expect(some).toMatchObject([
      {
        LogicalName: "opportunity",
        EntitySetName: "opportunities",
        PrimaryNameAttribute: "name",
        ChangeTrackingEnabled: true,
      },
    ]);
    expect((await api.rows("EntityDefinitions?$select=LogicalName")).length).toBeGreaterThan(15);
  });

  it("labels columns in English and French", async () => {
    const [state] = await api.rows(
      `${INCIDENT}/Attributes?$select=LogicalName,DisplayName,AttributeType&$filter=LogicalName eq 'statuscode'`,
    );
    expect(state).toMatchObject({ AttributeType: "Status" });
    expect((state?.DisplayName as Json | undefined)?.LocalizedLabels).toMatchObject([
      { Label: "Status Reason", LanguageCode: 1033 },
      { Label: "Raison du statut", LanguageCode: 1036 },
    ]);
  });

  it("gives options and targets only behind a cast", async () => {
    const statuses = await api.rows(
      `${INCIDENT}/Attributes/Microsoft.Dynamics.CRM.StatusAttributeMetadata?$select=LogicalName&$expand=OptionSet,GlobalOptionSet`,
    );
    expect(statuses[0]).toMatchObject({ LogicalName: "statuscode", GlobalOptionSet: null });
    const options = (statuses[0]?.OptionSet as { Options: Json[] } | undefined)?.Options ?? [];
    expect(options.find((option) => option.Value === 1000)).toMatchObject({
      State: 1,
      Label: { UserLocalizedLabel: { Label: "Information Provided" } },
    });
    const lookups = await api.rows(
      `${INCIDENT}/Attributes/Microsoft.Dynamics.CRM.LookupAttributeMetadata?$select=LogicalName,AttributeType,Targets`,
    );
    expect(lookups).toContainEqual(
      expect.objectContaining({
        LogicalName: "customerid",
        AttributeType: "Customer",
        Targets: ["account", "contact"],
      }),
    );
    expect((await api.call("GET", `${INCIDENT}/Attributes?$select=LogicalName,Targets`)).status).toBe(400);
    expect((await api.call("GET", `${INCIDENT}/Attributes?$expand=OptionSet`)).status).toBe(400);
  });

  it("tells how a date behaves", async () => {
    const [birthday] = await api.rows(
      "EntityDefinitions(LogicalName='contact')/Attributes/Microsoft.Dynamics.CRM.DateTimeAttributeMetadata?$select=LogicalName,DateTimeBehavior,Format&$filter=LogicalName eq 'birthdate'",
    );
    expect(birthday).toMatchObject({ DateTimeBehavior: { Value: "DateOnly" }, Format: "DateOnly" });
  });

  it("gives one relationship by its name", async () => {
    const select = "$select=SchemaName,ReferencingEntity,ReferencedEntity";
    const one = {
      SchemaName: "incident_customer_contacts",
      ReferencingEntity: "incident",
      ReferencedEntity: "contact",
    };
    const name = "(SchemaName='incident_customer_contacts')";
    const { body } = await api.call("GET", `RelationshipDefinitions${name}?${select}`);
    expect(body).toMatchObject(one);
    const cast = `${name}/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata`;
    expect((await api.call("GET", `RelationshipDefinitions${cast}?${select}`)).body).toMatchObject(one);
    expect((await api.call("GET", "RelationshipDefinitions(SchemaName='bicycle')")).status).toBe(404);
  });

  it("answers 404 for what does not exist", async () => {
    expect((await api.call("GET", "EntityDefinitions/$count")).status).toBe(404);
    expect((await api.call("GET", "EntityDefinitions(LogicalName='bicycle')")).status).toBe(404);
    expect((await api.call("GET", `${INCIDENT}/Attributes(LogicalName='bicycle')`)).status).toBe(404);
    expect((await api.call("GET", `${INCIDENT}/Bicycles`)).status).toBe(404);
  });

  it("describes all tables as CSDL", async () => {
    const { headers, text } = await api.call("GET", "$metadata");
    expect(headers.get("content-type")).toContain("xml");
    expect(text).toContain('<EntitySet Name="incidents" EntityType="Microsoft.Dynamics.CRM.incident">');
  });
});

describe("a custom table", () => {
  it("is created with columns of every kind, lookups and a key, and used like any other", async () => {
    const table = await api.call("POST", "EntityDefinitions", {
      SchemaName: "ab_Demande",
      DisplayName: label("Application", "Demande"),
      DisplayCollectionName: label("Applications", "Demandes"),
      OwnershipType: "UserOwned",
      Attributes: [attribute("String", "ab_Name", { IsPrimaryName: true, MaxLength: 80 })],
    });
    expect([table.status, table.text]).toEqual([204, ""]);
    const at = "EntityDefinitions(LogicalName='ab_demande')";
    const options = { Options: [{ Value: 1, Label: label("Bike", "Vélo") }, { Label: label("Tools", "Outils") }] };
    for (const body of [
      attribute("Money", "ab_Montant"),
      attribute("Integer", "ab_Mois", { MinValue: 1, MaxValue: 48 }),
      attribute("Boolean", "ab_Urgent"),
      attribute("DateTime", "ab_Echeance", { DateTimeBehavior: { Value: "DateOnly" }, Format: "DateOnly" }),
      attribute("Picklist", "ab_Objet", { OptionSet: options }),
      attribute("MultiSelectPicklist", "ab_Pieces", { OptionSet: options }),
      attribute("String", "ab_Reference"),
    ])
      expect((await api.call("POST", `${at}/Attributes`, body)).text).toBe("");
    const relation = {
      SchemaName: "ab_account_demande",
      ReferencedEntity: "account",
      ReferencingEntity: "ab_demande",
      Lookup: { SchemaName: "ab_Garant" },
    };
    expect((await api.call("POST", "RelationshipDefinitions", relation)).status).toBe(204);
    const customer = await api.call("POST", "CreateCustomerRelationships", {
      Lookup: { SchemaName: "ab_Client", DisplayName: label("Customer", "Client") },
      OneToManyRelationships: [
        { SchemaName: "ab_demande_account", ReferencedEntity: "account", ReferencingEntity: "ab_demande" },
        { SchemaName: "ab_demande_contact", ReferencedEntity: "contact", ReferencingEntity: "ab_demande" },
      ],
    });
    expect(customer.status).toBe(200);
    expect(
      (await api.call("POST", `${at}/Keys`, { SchemaName: "ab_Key", KeyAttributes: ["ab_reference"] })).status,
    ).toBe(204);

    const contact = await api.create("contacts", { lastname: "Roux" });
    const values = {
      ab_name: "Atelier",
      ab_montant: 1200.5,
      ab_mois: 12,
      ab_urgent: true,
      ab_echeance: "2026-12-24",
      ab_objet: 100000001,
      ab_pieces: "1,100000001",
    };
    const bound = { ...values, "ab_Client_contact@odata.bind": `/contacts(${contact})` };
    const made = await api.call("PATCH", "ab_demandes(ab_reference='R/1')", bound, {
      Prefer: 'return=representation,odata.include-annotations="*"',
    });
    expect(made.body).toMatchObject({ ...values, ab_reference: "R/1", _ab_client_value: contact, statecode: 0 });
    expect(made.body["ab_pieces@OData.Community.Display.V1.FormattedValue"]).toBe("Bike; Tools");
    const again = await api.call("PATCH", "ab_demandes(ab_reference='R/1')", { ab_mois: 24 });
    expect(again.headers.get("odata-entityid")).toContain(String(made.body.ab_demandeid));
    expect(
      await api.rows(
        "ab_demandes?$filter=ab_Client_contact/lastname eq 'Roux' and Microsoft.Dynamics.CRM.ContainValues(PropertyName='ab_pieces',PropertyValues=['1'])",
      ),
    ).toHaveLength(1);
    expect((await api.call("POST", "ab_demandes", { ab_name: "Twice", ab_reference: "R/1" })).status).toBe(412);
    expect(await api.rows("sdkmessagefilters?$filter=primaryobjecttypecode eq 'ab_demande'")).toHaveLength(3);
  });

  it("shares choices between columns, and goes with all its rows", async () => {
    await api.call("POST", "GlobalOptionSetDefinitions", {
      Name: "ab_Couleur",
      Options: [{ Value: 7, Label: label("Red", "Rouge") }],
    });
    const body = attribute("Picklist", "ab_Teinte", {
      "GlobalOptionSet@odata.bind": "/GlobalOptionSetDefinitions(Name='ab_couleur')",
    });
    expect((await api.call("POST", `${INCIDENT}/Attributes`, body)).status).toBe(204);
    await api.create("incidents", { title: "Paint", ab_teinte: 7 });
    expect((await api.call("DELETE", `${INCIDENT}/Attributes(LogicalName='ab_teinte')`)).status).toBe(204);
    expect((await api.call("POST", "incidents", { title: "Paint", ab_teinte: 7 })).status).toBe(400);
    expect((await api.call("DELETE", `${INCIDENT}/Attributes(LogicalName='title')`)).status).toBe(403);
    await api.call("POST", "EntityDefinitions", { SchemaName: "ab_Box" });
    const id = await api.create("ab_boxes", { ab_name: "One" });
    expect((await api.call("GET", `ab_boxes(${id})`)).body.ab_name).toBe("One");
    expect((await api.call("DELETE", "EntityDefinitions(LogicalName='ab_box')")).status).toBe(204);
    expect((await api.call("GET", "ab_boxes")).status).toBe(404);
  });

  it("gets its lookups by relationships, not as columns", async () => {
    const { status, body } = await api.call(
      "POST",
      `${INCIDENT}/Attributes`,
      attribute("Lookup", "ab_Friend", { Targets: ["contact"] }),
    );
    expect(status).toBe(400);
    expect(String((body.error as Json).message)).toContain("RelationshipDefinitions");
  });
});
