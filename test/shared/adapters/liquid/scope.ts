import type { TemplateScope } from "../../../../shared/ports/templates.ts";

/** A resolved case and its customer, as a French reader in Paris sees them. */
export const french: TemplateScope = {
  event: {
    title: "Panne <urgente>",
    statecode: 1,
    prioritycode: 2,
    createdon: "2026-03-01T23:30:00.000Z",
    duedate: "2026-03-01",
    totalamount: 1234.5,
    channels: [1, 3],
    isescalated: false,
    followup: true,
    blocked: false,
    customerid: { table: "account", id: "aaaa", name: "O'Brien & Fils" },
    nothing: null,
    renewal: { title: "Renouvellement" },
  },
  before: { statecode: 0 },
  record: { ownerid: { table: "systemuser", id: "bbbb", name: null } },
  audience: { firstname: "Zoé" },
  related: { customerid: { name: "O'Brien & Fils", industrycode: 7 } },
  survey: { ask: { satisfaction: 2, link: "https://example.org/s/abc" } },
  discount: { thanks: { code: "MERCI10" } },
  labels: {
    "event.statecode": { "0": "Actif", "1": "Résolu" },
    "event.followup": { "0": "Non", "1": "Oui" },
    "event.blocked": { "0": "Non", "1": "Oui" },
    "event.channels": { "1": "Courriel", "3": "Téléphone" },
    "related.customerid.industrycode": { "7": "Bâtiment" },
    "survey.ask.satisfaction": { "2": "Insatisfait" },
  },
  language: "fr",
  timeZone: "Europe/Paris",
};
