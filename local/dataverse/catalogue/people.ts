import {
  activeStates,
  choice,
  customer,
  email,
  integer,
  lookup,
  memo,
  money,
  phone,
  states,
  text,
  when,
  yesNo,
} from "./columns.ts";
import { table } from "./table.ts";
import type { Column } from "./types.ts";

const allow: [string, string] = ["Allow", "Autoriser"];
const forbid: [string, string] = ["Do Not Allow", "Ne pas autoriser"];

/** Consent of old: true forbids. */
function donot(name: string, en: string, fr: string): Column {
  return yesNo(name, en, fr, { yes: forbid, no: allow });
}

function consent(): Column[] {
  return [
    donot("donotemail", "Do not allow Emails", "Ne pas autoriser les courriers électroniques"),
    donot("donotbulkemail", "Do not allow Bulk Emails", "Ne pas autoriser l'envoi d'e-mails en masse"),
    donot("donotphone", "Do not allow Phone Calls", "Ne pas autoriser les appels"),
    donot("donotpostalmail", "Do not allow Mails", "Ne pas autoriser le courrier"),
    donot("donotfax", "Do not allow Faxes", "Ne pas autoriser les télécopies"),
    yesNo("donotsendmm", "Send Marketing Materials", "Envoyer des documents marketing", {
      yes: ["Do Not Send", "Ne pas envoyer"],
      no: ["Send", "Envoyer"],
    }),
    choice("preferredcontactmethodcode", "Preferred Method of Contact", "Mode de contact préféré", CONTACT_METHODS, {
      default: 1,
    }),
  ];
}

const CONTACT_METHODS = [
  [1, "Any", "Tous"],
  [2, "Email", "Adresse de messagerie"],
  [3, "Phone", "Téléphone"],
  [4, "Fax", "Télécopie"],
  [5, "Mail", "Courrier"],
] as const;

function address(): Column[] {
  return [
    text("address1_line1", "Street 1", "Rue 1", 250),
    text("address1_line2", "Street 2", "Rue 2", 250),
    text("address1_city", "City", "Ville", 80),
    text("address1_postalcode", "ZIP/Postal Code", "Code postal", 20),
    text("address1_stateorprovince", "State/Province", "Département/Région", 50),
    text("address1_country", "Country/Region", "Pays/région", 80),
  ];
}

function merge(name: string): Column[] {
  return [
    yesNo("merged", "Merged", "Fusionné", { writable: false }),
    lookup("masterid", "Master ID", "ID principal", [[name, `${name}_master_${name}`]], { writable: false }),
  ];
}

export const contact = table({
  name: "contact",
  schemaName: "Contact",
  set: "contacts",
  typeCode: 2,
  names: ["Contact", "Contact", "Contacts", "Contacts"],
  primaryName: "fullname",
  columns: [
    text("salutation", "Salutation", "Formule de politesse"),
    text("firstname", "First Name", "Prénom", 50),
    text("lastname", "Last Name", "Nom", 50, { required: "ApplicationRequired" }),
    text("middlename", "Middle Name", "Deuxième prénom", 50),
    text("fullname", "Full Name", "Nom complet", 160, { writable: false }),
    text("yomifullname", "Yomi Full Name", "Nom complet Yomi", 450, { writable: false }),
    text("jobtitle", "Job Title", "Fonction"),
    email("emailaddress1", "Email", "Adresse de messagerie"),
    email("emailaddress2", "Email Address 2", "Adresse de messagerie 2"),
    email("emailaddress3", "Email Address 3", "Adresse de messagerie 3"),
    phone("telephone1", "Business Phone", "Téléphone professionnel"),
    phone("mobilephone", "Mobile Phone", "Téléphone mobile"),
    when("birthdate", "Birthday", "Anniversaire", "DateOnly"),
    when("anniversary", "Anniversary", "Date anniversaire", "DateOnly"),
    choice("gendercode", "Gender", "Sexe", [
      [1, "Male", "Masculin"],
      [2, "Female", "Féminin"],
    ]),
    choice("customertypecode", "Relationship Type", "Type de relation", [[1, "Default Value", "Valeur par défaut"]], {
      default: 1,
    }),
    customer("parentcustomerid", "Company Name", "Société", "contact_customer_accounts", "contact_customer_contacts"),
    lookup("originatingleadid", "Originating Lead", "Prospect d'origine", [["lead", "contact_originating_lead"]]),
    lookup("preferredsystemuserid", "Preferred User", "Utilisateur préféré", ["systemuser"]),
    yesNo("creditonhold", "Credit Hold", "Suspension de crédit"),
    memo("description", "Description", "Description"),
    ...consent(),
    ...address(),
    ...merge("contact"),
    lookup("transactioncurrencyid", "Currency", "Devise", ["transactioncurrency"]),
    ...activeStates(),
  ],
});

export const account = table({
  name: "account",
  schemaName: "Account",
  set: "accounts",
  typeCode: 1,
  names: ["Account", "Compte", "Accounts", "Comptes"],
  primaryName: "name",
  columns: [
    text("name", "Account Name", "Nom du compte", 160, { required: "ApplicationRequired" }),
    text("accountnumber", "Account Number", "Numéro de compte", 20),
    lookup("primarycontactid", "Primary Contact", "Contact principal", [["contact", "account_primary_contact"]]),
    lookup("parentaccountid", "Parent Account", "Compte parent", [["account", "account_parent_account"]]),
    email("emailaddress1", "Email", "Adresse de messagerie"),
    phone("telephone1", "Main Phone", "Téléphone principal"),
    text("websiteurl", "Website", "Site web", 200, { format: "Url" }),
    money("revenue", "Annual Revenue", "Chiffre d'affaires annuel"),
    integer("numberofemployees", "Number of Employees", "Nombre d'employés"),
    choice("customertypecode", "Relationship Type", "Type de relation", [
      [1, "Competitor", "Concurrent"],
      [2, "Consultant", "Consultant"],
      [3, "Customer", "Client"],
      [8, "Prospect", "Prospect"],
      [10, "Supplier", "Fournisseur"],
      [12, "Other", "Autre"],
    ]),
    yesNo("creditonhold", "Credit Hold", "Suspension de crédit"),
    memo("description", "Description", "Description"),
    ...consent(),
    ...address(),
    ...merge("account"),
    lookup("transactioncurrencyid", "Currency", "Devise", ["transactioncurrency"]),
    ...activeStates(),
  ],
});

export const lead = table({
  name: "lead",
  schemaName: "Lead",
  set: "leads",
  typeCode: 4,
  names: ["Lead", "Prospect", "Leads", "Prospects"],
  primaryName: "fullname",
  columns: [
    text("subject", "Topic", "Sujet", 300, { required: "ApplicationRequired" }),
    text("firstname", "First Name", "Prénom", 50),
    text("lastname", "Last Name", "Nom", 50, { required: "ApplicationRequired" }),
    text("middlename", "Middle Name", "Deuxième prénom", 50),
    text("fullname", "Name", "Nom complet", 160, { writable: false }),
    text("yomifullname", "Yomi Full Name", "Nom complet Yomi", 450, { writable: false }),
    text("companyname", "Company Name", "Nom de la société"),
    text("jobtitle", "Job Title", "Fonction"),
    email("emailaddress1", "Email", "Adresse de messagerie"),
    phone("telephone1", "Business Phone", "Téléphone professionnel"),
    phone("mobilephone", "Mobile Phone", "Téléphone mobile"),
    choice("leadsourcecode", "Lead Source", "Source du prospect", [
      [1, "Advertisement", "Publicité"],
      [3, "Trade Show", "Salon"],
      [5, "Partner", "Partenaire"],
      [8, "Web", "Web"],
      [9, "Word of Mouth", "Bouche à oreille"],
      [10, "Other", "Autre"],
    ]),
    choice(
      "leadqualitycode",
      "Rating",
      "Évaluation",
      [
        [1, "Hot", "Chaud"],
        [2, "Warm", "Tiède"],
        [3, "Cold", "Froid"],
      ],
      { default: 2 },
    ),
    money("budgetamount", "Budget Amount", "Montant du budget"),
    when("estimatedclosedate", "Est. Close Date", "Date de clôture estimée", "DateOnly"),
    lookup("parentcontactid", "Parent Contact for lead", "Contact parent du prospect", [
      ["contact", "lead_parent_contact"],
    ]),
    lookup("parentaccountid", "Parent Account for lead", "Compte parent du prospect", [
      ["account", "lead_parent_account"],
    ]),
    memo("description", "Description", "Description"),
    ...consent(),
    ...address(),
    ...merge("lead"),
    lookup("transactioncurrencyid", "Currency", "Devise", ["transactioncurrency"]),
    ...states([
      [
        0,
        "Open",
        "Ouvert",
        [
          [1, "New", "Nouveau"],
          [2, "Contacted", "Contacté"],
        ],
      ],
      [1, "Qualified", "Qualifié", [[3, "Qualified", "Qualifié"]]],
      [
        2,
        "Disqualified",
        "Disqualifié",
        [
          [4, "Lost", "Perdu"],
          [5, "Cannot Contact", "Contact impossible"],
          [6, "No Longer Interested", "Plus intéressé"],
          [7, "Canceled", "Annulé"],
        ],
      ],
    ]),
  ],
});
