import { choice, entityName, guid, lookup, memo, when } from "./columns.ts";
import { table } from "./table.ts";

/**
 * Who changed which row when, where auditing is on; what it held before and holds since is told by RetrieveAuditDetails
 * (learn.microsoft.com/power-apps/developer/data-platform/auditing/retrieve-audit-data). Read-only to callers.
 */
export const audit = table({
  name: "audit",
  schemaName: "Audit",
  set: "audits",
  typeCode: 4567,
  names: ["Auditing", "Audit", "Auditing", "Audit"],
  primaryName: "objecttypecode",
  ownership: "None",
  steps: false,
  changeTracking: false,
  columns: [
    choice("operation", "Operation", "Opération", [
      [1, "Create", "Créer"],
      [2, "Update", "Mettre à jour"],
      [3, "Delete", "Supprimer"],
      [4, "Access", "Accès"],
    ]),
    choice("action", "Event", "Événement", [
      [1, "Create", "Créer"],
      [2, "Update", "Mettre à jour"],
      [3, "Delete", "Supprimer"],
    ]),
    when("createdon", "Changed Date", "Date de modification"),
    entityName("objecttypecode", "Entity", "Entité"),
    lookup("objectid", "Record", "Enregistrement", []),
    lookup("userid", "Changed By", "Modifié par", ["systemuser"]),
    lookup("callinguserid", "Calling User", "Utilisateur appelant", ["systemuser"]),
    guid("transactionid", "Transaction Id", "ID de transaction"),
    memo("attributemask", "Changed Field", "Champ modifié", 10_000),
    // Whatever the platform keeps inside: only RetrieveAuditDetails shows it.
    memo("changedata", "Change Data", "Données modifiées", 1_073_741_823, { readable: false }),
  ],
});
