import { activeStates, decimal, email, guid, integer, lookup, text, yesNo } from "./columns.ts";
import { table } from "./table.ts";

export const businessUnit = table({
  name: "businessunit",
  schemaName: "BusinessUnit",
  set: "businessunits",
  typeCode: 10,
  names: ["Business Unit", "Division", "Business Units", "Divisions"],
  primaryName: "name",
  ownership: "None",
  columns: [text("name", "Name", "Nom", 160)],
});

export const systemUser = table({
  name: "systemuser",
  schemaName: "SystemUser",
  set: "systemusers",
  typeCode: 8,
  names: ["User", "Utilisateur", "Users", "Utilisateurs"],
  primaryName: "fullname",
  ownership: "None",
  columns: [
    text("firstname", "First Name", "Prénom", 256),
    text("lastname", "Last Name", "Nom", 256),
    text("fullname", "Full Name", "Nom complet", 200, { writable: false }),
    text("nickname", "Nickname", "Surnom", 50),
    text("domainname", "User Name", "Nom d'utilisateur", 1024),
    email("internalemailaddress", "Primary Email", "Adresse de messagerie principale"),
    guid("azureactivedirectoryobjectid", "Azure AD Object ID", "ID d'objet Azure AD"),
    guid("applicationid", "Application ID", "ID d'application"),
    lookup("businessunitid", "Business Unit", "Division", [["businessunit", "business_unit_system_users"]]),
    yesNo("isdisabled", "Status", "Statut", { yes: ["Disabled", "Désactivé"], no: ["Enabled", "Activé"] }),
    integer("accessmode", "Access Mode", "Mode d'accès", { default: 0 }),
  ],
});

export const transactionCurrency = table({
  name: "transactioncurrency",
  schemaName: "TransactionCurrency",
  set: "transactioncurrencies",
  typeCode: 9105,
  names: ["Currency", "Devise", "Currencies", "Devises"],
  primaryName: "currencyname",
  ownership: "OrganizationOwned",
  columns: [
    text("currencyname", "Currency Name", "Nom de la devise"),
    text("isocurrencycode", "Currency Code", "Code de la devise", 5),
    text("currencysymbol", "Currency Symbol", "Symbole de la devise", 13),
    decimal("exchangerate", "Exchange Rate", "Taux de change", 10),
    integer("currencyprecision", "Currency Precision", "Précision de la devise", { default: 2 }),
    ...activeStates(),
  ],
});

export const organization = table({
  name: "organization",
  schemaName: "Organization",
  set: "organizations",
  typeCode: 1019,
  names: ["Organization", "Organisation", "Organizations", "Organisations"],
  primaryName: "name",
  ownership: "None",
  steps: false,
  columns: [
    text("name", "Organization Name", "Nom de l'organisation", 160),
    integer("languagecode", "Language", "Langue", { default: 1033 }),
    yesNo("isauditenabled", "Is Auditing Enabled", "L'audit est activé"),
    // Days; -1 keeps them for ever.
    integer("auditretentionperiodv2", "Audit Retention Period", "Période de rétention d'audit", { default: 30 }),
  ],
});
