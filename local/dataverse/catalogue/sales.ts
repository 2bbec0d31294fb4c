import { customer, decimal, integer, lookup, memo, money, states, text, when, yesNo } from "./columns.ts";
import { table } from "./table.ts";
import type { Column } from "./types.ts";

function totals(): Column[] {
  return [
    money("totallineitemamount", "Total Detail Amount", "Montant total des lignes"),
    money("discountamount", "Discount Amount", "Montant de la remise"),
    decimal("discountpercentage", "Discount (%)", "Remise (%)"),
    money("freightamount", "Freight Amount", "Montant du transport"),
    money("totaltax", "Total Tax", "Total des taxes"),
    money("totalamount", "Total Amount", "Montant total"),
    lookup("transactioncurrencyid", "Currency", "Devise", ["transactioncurrency"]),
    decimal("exchangerate", "Exchange Rate", "Taux de change", 10, { default: 1 }),
  ];
}

export const opportunity = table({
  name: "opportunity",
  schemaName: "Opportunity",
  set: "opportunities",
  typeCode: 3,
  names: ["Opportunity", "Opportunité", "Opportunities", "Opportunités"],
  primaryName: "name",
  columns: [
    text("name", "Topic", "Sujet", 300, { required: "ApplicationRequired" }),
    customer(
      "customerid",
      "Potential Customer",
      "Client potentiel",
      "opportunity_customer_accounts",
      "opportunity_customer_contacts",
    ),
    lookup("parentcontactid", "Contact", "Contact", [["contact", "opportunity_parent_contact"]]),
    lookup("parentaccountid", "Account", "Compte", [["account", "opportunity_parent_account"]]),
    lookup("originatingleadid", "Originating Lead", "Prospect d'origine", [["lead", "opportunity_originating_lead"]]),
    money("estimatedvalue", "Est. Revenue", "Revenu estimé"),
    money("actualvalue", "Actual Revenue", "Revenu réel"),
    when("estimatedclosedate", "Est. Close Date", "Date de clôture estimée", "DateOnly"),
    when("actualclosedate", "Actual Close Date", "Date de clôture réelle", "DateOnly"),
    integer("closeprobability", "Probability", "Probabilité", { min: 0, max: 100 }),
    memo("description", "Description", "Description"),
    ...totals(),
    ...states([
      [
        0,
        "Open",
        "Ouverte",
        [
          [1, "In Progress", "En cours"],
          [2, "On Hold", "En attente"],
        ],
      ],
      [1, "Won", "Conclue", [[3, "Won", "Conclue"]]],
      [
        2,
        "Lost",
        "Perdue",
        [
          [4, "Canceled", "Annulée"],
          [5, "Out-Sold", "Concurrence"],
        ],
      ],
    ]),
  ],
});

export const quote = table({
  name: "quote",
  schemaName: "Quote",
  set: "quotes",
  typeCode: 1084,
  names: ["Quote", "Devis", "Quotes", "Devis"],
  primaryName: "name",
  columns: [
    text("name", "Name", "Nom", 300, { required: "ApplicationRequired" }),
    text("quotenumber", "Quote ID", "N° du devis"),
    customer(
      "customerid",
      "Potential Customer",
      "Client potentiel",
      "quote_customer_accounts",
      "quote_customer_contacts",
    ),
    lookup("opportunityid", "Opportunity", "Opportunité", [["opportunity", "opportunity_quotes"]]),
    when("effectivefrom", "Effective From", "En vigueur à compter du", "DateOnly"),
    when("effectiveto", "Effective To", "En vigueur jusqu'au", "DateOnly"),
    memo("description", "Description", "Description"),
    ...totals(),
    ...states([
      [0, "Draft", "Brouillon", [[1, "In Progress", "En cours"]]],
      [
        1,
        "Active",
        "Actif",
        [
          [2, "In Progress", "En cours"],
          [3, "Open", "Ouvert"],
        ],
      ],
      [2, "Won", "Conclu", [[4, "Won", "Conclu"]]],
      [
        3,
        "Closed",
        "Fermé",
        [
          [5, "Lost", "Perdu"],
          [6, "Canceled", "Annulé"],
          [7, "Revised", "Révisé"],
        ],
      ],
    ]),
  ],
});

export const salesOrder = table({
  name: "salesorder",
  schemaName: "SalesOrder",
  set: "salesorders",
  typeCode: 1088,
  names: ["Order", "Commande", "Orders", "Commandes"],
  primaryName: "name",
  columns: [
    text("name", "Name", "Nom", 300, { required: "ApplicationRequired" }),
    text("ordernumber", "Order ID", "N° de commande"),
    customer("customerid", "Customer", "Client", "order_customer_accounts", "order_customer_contacts"),
    lookup("opportunityid", "Opportunity", "Opportunité", [["opportunity", "opportunity_sales_orders"]]),
    lookup("quoteid", "Quote", "Devis", [["quote", "quote_orders"]]),
    when("submitdate", "Date Submitted", "Date d'envoi", "DateOnly"),
    when("requestdeliveryby", "Requested Delivery Date", "Date de livraison demandée", "DateOnly"),
    when("datefulfilled", "Date Fulfilled", "Date d'exécution", "DateOnly"),
    memo("description", "Description", "Description"),
    ...totals(),
    ...states([
      [
        0,
        "Active",
        "Active",
        [
          [1, "New", "Nouvelle"],
          [2, "Pending", "En attente"],
        ],
      ],
      [1, "Submitted", "Soumise", [[3, "In Progress", "En cours"]]],
      [2, "Canceled", "Annulée", [[4, "No Money", "Pas d'argent"]]],
      [
        3,
        "Fulfilled",
        "Exécutée",
        [
          [100001, "Complete", "Complète"],
          [100002, "Partial", "Partielle"],
        ],
      ],
      [4, "Invoiced", "Facturée", [[100003, "Invoiced", "Facturée"]]],
    ]),
  ],
});

export const salesOrderDetail = table({
  name: "salesorderdetail",
  schemaName: "SalesOrderDetail",
  set: "salesorderdetails",
  typeCode: 1089,
  names: ["Order Product", "Produit de la commande", "Order Products", "Produits de la commande"],
  primaryName: "salesorderdetailname",
  columns: [
    text("salesorderdetailname", "Name", "Nom", 100),
    lookup("salesorderid", "Order", "Commande", [["salesorder", "order_details"]], { required: "SystemRequired" }),
    integer("lineitemnumber", "Line Item Number", "Numéro de ligne"),
    text("productdescription", "Write-In Product", "Produit hors catalogue", 500),
    yesNo("isproductoverridden", "Select Product", "Sélectionner un produit", {
      yes: ["Write-In", "Hors catalogue"],
      no: ["Existing", "Existant"],
      default: true,
    }),
    yesNo("ispriceoverridden", "Pricing", "Tarification", { default: true }),
    decimal("quantity", "Quantity", "Quantité", 5),
    money("priceperunit", "Price Per Unit", "Prix unitaire"),
    money("baseamount", "Amount", "Montant"),
    money("manualdiscountamount", "Manual Discount", "Remise manuelle"),
    money("tax", "Tax", "Taxe"),
    money("extendedamount", "Extended Amount", "Montant étendu"),
    lookup("transactioncurrencyid", "Currency", "Devise", ["transactioncurrency"]),
  ],
});
