import { activeStates, choice, customer, integer, lookup, memo, money, states, text, when, yesNo } from "./columns.ts";
import { table } from "./table.ts";

export const incident = table({
  name: "incident",
  schemaName: "Incident",
  set: "incidents",
  typeCode: 112,
  names: ["Case", "Incident", "Cases", "Incidents"],
  primaryName: "title",
  columns: [
    text("title", "Case Title", "Titre de l'incident", 200, { required: "ApplicationRequired" }),
    text("ticketnumber", "Case Number", "Numéro de l'incident", 100),
    customer("customerid", "Customer", "Client", "incident_customer_accounts", "incident_customer_contacts", {
      required: "ApplicationRequired",
    }),
    lookup("primarycontactid", "Contact", "Contact", [["contact", "contact_as_primary_contact"]]),
    lookup("responsiblecontactid", "Responsible Contact", "Contact responsable", [
      ["contact", "contact_as_responsible_contact"],
    ]),
    lookup("contractid", "Contract", "Contrat", [["contract", "contract_cases"]]),
    lookup("parentcaseid", "Parent Case", "Incident parent", [["incident", "incident_parent_incident"]]),
    lookup("masterid", "Master Case", "Incident principal", [["incident", "incident_master_incident"]], {
      writable: false,
    }),
    yesNo("merged", "Internal Use Only", "Usage interne uniquement", { writable: false }),
    choice("caseorigincode", "Origin", "Origine", [
      [1, "Phone", "Téléphone"],
      [2, "Email", "Courrier électronique"],
      [3, "Web", "Web"],
      [2483, "Facebook", "Facebook"],
    ]),
    choice("casetypecode", "Case Type", "Type d'incident", [
      [1, "Question", "Question"],
      [2, "Problem", "Problème"],
      [3, "Request", "Demande"],
    ]),
    choice(
      "prioritycode",
      "Priority",
      "Priorité",
      [
        [1, "High", "Haute"],
        [2, "Normal", "Normale"],
        [3, "Low", "Basse"],
      ],
      { default: 2 },
    ),
    choice("severitycode", "Severity", "Gravité", [[1, "Default Value", "Valeur par défaut"]], { default: 1 }),
    choice("customersatisfactioncode", "Satisfaction", "Satisfaction", [
      [5, "Very Satisfied", "Très satisfait"],
      [4, "Satisfied", "Satisfait"],
      [3, "Neutral", "Neutre"],
      [2, "Dissatisfied", "Insatisfait"],
      [1, "Very Dissatisfied", "Très insatisfait"],
    ]),
    when("followupby", "Follow Up By", "Suivi avant le", "DateOnly"),
    when("escalatedon", "Escalated On", "Escaladé le"),
    yesNo("isescalated", "Is Escalated", "Escaladé"),
    yesNo("blockedprofile", "Blocked Profile", "Profil bloqué"),
    integer("billedserviceunits", "Billed Service Units", "Unités de service facturées"),
    text("emailaddress", "Email Address", "Adresse de messagerie", 100, { format: "Email" }),
    memo("description", "Description", "Description", 2000),
    lookup("transactioncurrencyid", "Currency", "Devise", ["transactioncurrency"]),
    ...states([
      [
        0,
        "Active",
        "Actif",
        [
          [1, "In Progress", "En cours"],
          [2, "On Hold", "En attente"],
          [3, "Waiting for Details", "En attente de détails"],
          [4, "Researching", "Recherche"],
        ],
      ],
      [
        1,
        "Resolved",
        "Résolu",
        [
          [5, "Problem Solved", "Problème résolu"],
          [1000, "Information Provided", "Informations fournies"],
        ],
      ],
      [
        2,
        "Cancelled",
        "Annulé",
        [
          [6, "Cancelled", "Annulé"],
          [2000, "Merged", "Fusionné"],
        ],
      ],
    ]),
  ],
});

/** The activity that CloseIncident leaves behind. */
export const incidentResolution = table({
  name: "incidentresolution",
  schemaName: "IncidentResolution",
  set: "incidentresolutions",
  typeCode: 4206,
  names: ["Case Resolution", "Résolution d'incident", "Case Resolutions", "Résolutions d'incidents"],
  primaryId: "activityid",
  primaryName: "subject",
  columns: [
    text("subject", "Subject", "Sujet", 200),
    lookup("incidentid", "Case", "Incident", [["incident", "Incident_IncidentResolutions"]]),
    integer("timespent", "Time Spent", "Temps passé"),
    memo("description", "Description", "Description"),
    when("actualend", "Actual End", "Fin réelle"),
    ...states([
      [0, "Open", "Ouvert", [[1, "Open", "Ouvert"]]],
      [1, "Closed", "Fermé", [[2, "Closed", "Fermé"]]],
      [2, "Canceled", "Annulé", [[3, "Canceled", "Annulé"]]],
    ]),
  ],
});

export const contract = table({
  name: "contract",
  schemaName: "Contract",
  set: "contracts",
  typeCode: 1010,
  names: ["Contract", "Contrat", "Contracts", "Contrats"],
  primaryName: "title",
  columns: [
    text("title", "Contract Name", "Nom du contrat", 100, { required: "ApplicationRequired" }),
    text("contractnumber", "Contract ID", "Numéro du contrat"),
    customer("customerid", "Customer", "Client", "contract_customer_accounts", "contract_customer_contacts", {
      required: "ApplicationRequired",
    }),
    customer(
      "billingcustomerid",
      "Bill To Customer",
      "Client facturé",
      "contract_billingcustomer_accounts",
      "contract_billingcustomer_contacts",
    ),
    // Calendar days: a contract ends on the same day everywhere.
    when("activeon", "Contract Start Date", "Date de début du contrat", "DateOnly"),
    when("expireson", "Contract End Date", "Date de fin du contrat", "DateOnly"),
    when("billingstarton", "Billing Start Date", "Début de facturation", "DateOnly"),
    when("billingendon", "Billing End Date", "Fin de facturation", "DateOnly"),
    when("cancelon", "Cancellation Date", "Date d'annulation", "DateOnly"),
    money("totalprice", "Total Price", "Prix total"),
    choice("billingfrequencycode", "Billing Frequency", "Fréquence de facturation", [
      [1, "Monthly", "Mensuelle"],
      [2, "Bimonthly", "Bimestrielle"],
      [3, "Quarterly", "Trimestrielle"],
      [4, "Semiannually", "Semestrielle"],
      [5, "Annually", "Annuelle"],
    ]),
    text("contractlanguage", "Description", "Description", 2000),
    lookup("transactioncurrencyid", "Currency", "Devise", ["transactioncurrency"]),
    ...states([
      [0, "Draft", "Brouillon", [[1, "Draft", "Brouillon"]]],
      [1, "Invoiced", "Facturé", [[2, "Invoiced", "Facturé"]]],
      [2, "Active", "Actif", [[3, "Active", "Actif"]]],
      [3, "On Hold", "En attente", [[4, "On Hold", "En attente"]]],
      [4, "Canceled", "Annulé", [[5, "Canceled", "Annulé"]]],
      [5, "Expired", "Expiré", [[6, "Expired", "Expiré"]]],
    ]),
  ],
});

export const team = table({
  name: "team",
  schemaName: "Team",
  set: "teams",
  typeCode: 9,
  names: ["Team", "Équipe", "Teams", "Équipes"],
  primaryName: "name",
  ownership: "None",
  columns: [text("name", "Team Name", "Nom de l'équipe", 160), ...activeStates()],
});
