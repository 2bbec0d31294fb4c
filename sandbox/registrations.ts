import type { Registration } from "./register.ts";

const CASE = ["statecode", "statuscode", "title", "ticketnumber", "caseorigincode", "customerid", "primarycontactid"];
const ORDER = ["statecode", "statuscode", "ordernumber", "customerid"];
const APPLICATION = ["ab_statut", "ab_name", "ab_montant", "ab_demandeurid"];
const MERGE = ["merged", "masterid"];

/** What the journeys of Atelier Boréal need to hear of, and the columns that they use. */
export const REGISTRATIONS: readonly Registration[] = [
  { table: "incident", message: "Create", columns: [], image: CASE },
  { table: "incident", message: "Update", columns: ["statecode", "statuscode"], image: CASE },
  { table: "salesorder", message: "Create", columns: [], image: ORDER },
  { table: "salesorder", message: "Update", columns: ["statecode", "statuscode"], image: ORDER },
  { table: "lead", message: "Create", columns: [], image: ["firstname", "statecode"] },
  {
    table: "contract",
    message: "Update",
    columns: ["statecode", "statuscode"],
    image: ["statecode", "statuscode", "title", "expireson", "customerid"],
  },
  { table: "ab_demande", message: "Create", columns: [], image: APPLICATION },
  { table: "ab_demande", message: "Update", columns: ["ab_statut"], image: APPLICATION },
  { table: "contact", message: "Update", columns: MERGE, image: MERGE },
];
