import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { conditionWords, triggerWords } from "../../../shared/domain/condition-words.ts";
import type { ColumnInfo, ColumnType, TableInfo } from "../../../shared/domain/metadata.ts";
import { recordTrigger } from "../../../shared/domain/trigger.ts";
import { speakerOf } from "../../../shared/domain/why/speaker.ts";
import type { PageLanguage } from "../../../shared/domain/words.ts";
import { rowCondition } from "./arbitrary.ts";

const column = (
  name: string,
  type: ColumnType,
  en: string,
  fr: string,
  more: Partial<ColumnInfo> = {},
): ColumnInfo => ({
  ...{ column: name, label: { en, fr }, type, custom: false, writable: true, options: [], targets: [] },
  ...more,
});
const state = (value: number, en: string, fr: string) => ({ value, label: { en, fr }, state: null });
const table = (name: string, en: string, fr: string, ...columns: ColumnInfo[]): TableInfo => ({
  ...{ table: name, label: { en, fr }, custom: false, system: false, nameColumn: null, columns },
});
const STATE = column("statecode", "state", "State", "État", {
  options: [state(0, "Active", "Actif"), state(1, "Resolved", "Résolu")],
});
const CUSTOMER = column("customerid", "lookup", "Customer", "Client", { targets: ["account", "contact"] });
const tables = {
  incident: table(
    "incident",
    "Case",
    "Incident",
    STATE,
    CUSTOMER,
    column("createdon", "moment", "Created on", "Créé le"),
  ),
  contact: table("contact", "Contact", "Contact", column("firstname", "text", "First name", "Prénom")),
  account: table("account", "Account", "Compte", column("revenue", "money", "Revenue", "Chiffre d’affaires")),
  salesorder: table("salesorder", "Order", "Commande"),
};
const CLERK = "11111111-aaaa-4aaa-8aaa-000000000001";

const trigger = recordTrigger.parse({
  ...{ kind: "record", slug: "it", name: "It", table: "incident", created: true, deleted: true },
  audience: [{ column: "customerid", table: "contact" }],
  updated: { columns: ["statecode", "customerid"] },
  by: [CLERK],
  ignore: { imports: true, own: false },
  condition: {
    kind: "all",
    of: [
      { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 },
      {
        kind: "any",
        of: [
          { kind: "compare", field: "audience.firstname", op: "is-null" },
          { kind: "not", of: { kind: "compare", field: "related.customerid.revenue", op: "gt", value: 1000 } },
        ],
      },
      {
        ...{ kind: "has-no", table: "incident", lookup: "customerid" },
        where: [
          { column: "statecode", op: "eq", value: 0 },
          { column: "createdon", op: "within-last", value: "P30D" },
        ],
      },
      { kind: "count", table: "salesorder", lookup: "customerid", whose: "record.customerid", op: "ge", value: 3 },
    ],
  },
});

function told(language: PageLanguage) {
  const glossary = { tables, users: { [CLERK]: "Camille" }, triggers: {}, journeys: {}, people: {}, rows: {} };
  return triggerWords(trigger, speakerOf({ language, timeZone: "UTC", discreet: false, glossary }));
}

describe("a trigger in words", () => {
  it("is said in English, with the organisation's labels", () => {
    expect(told("en")).toEqual({
      when: "When a record of “Case” is created, “State” or “Customer” changes in a record of “Case” or a record of “Case” is deleted",
      condition:
        "State changes to Resolved, (First name of the person is empty or not so: Revenue of Customer is more than 1,000), the person has no other record of “Case” where State is Active and Created on lies in the last 30 days and the record’s Customer has at least 3 records of “Order”",
      who: "made by Camille, not by an import and by journeys too",
    });
  });

  it("is said in French", () => {
    expect(told("fr")).toEqual({
      when: "Quand une fiche «\u00a0Incident\u00a0» est créée, «\u00a0État\u00a0» ou «\u00a0Client\u00a0» change dans une fiche «\u00a0Incident\u00a0» ou une fiche «\u00a0Incident\u00a0» est supprimée",
      condition: expect.stringContaining(
        "la personne n’a aucune autre fiche «\u00a0Incident\u00a0» dont État est Actif et Créé le remonte à moins de 30\u00a0jours",
      ),
      who: "par Camille, pas par une importation et par les parcours aussi",
    });
  });

  it("says what is left and what is reached, as an example shows it, in one", () => {
    const moved = { field: "event.statecode" } as const;
    const condition = {
      kind: "all",
      of: [
        { kind: "compare", ...moved, op: "changed-from", value: 0 },
        { kind: "compare", ...moved, op: "changed-to", value: 1 },
      ],
    } as const;
    const glossary = { tables, users: {}, triggers: {}, journeys: {}, people: {}, rows: {} };
    const said = (language: PageLanguage) =>
      conditionWords(condition, "incident", speakerOf({ language, timeZone: "UTC", discreet: false, glossary }));
    expect(said("en")).toBe("State changes from Active to Resolved");
    expect(said("fr")).toBe("État quitte Actif pour Résolu");
  });

  it("has words for whatever a condition may be", () => {
    const empty = { tables: {}, users: {}, triggers: {}, journeys: {}, people: {}, rows: {} };
    for (const language of ["en", "fr"] as const) {
      const speaker = speakerOf({ language, timeZone: "UTC", discreet: false, glossary: empty });
      fc.assert(
        fc.property(rowCondition, (condition) => {
          const text = conditionWords(condition, "incident", speaker);
          expect(text).not.toBe("");
          expect(text).not.toMatch(/undefined|\[object/);
        }),
        { numRuns: 300 },
      );
    }
  });
});
