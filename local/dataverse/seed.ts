import type { Catalogue } from "./catalogue/catalogue.ts";
import type { Table } from "./catalogue/types.ts";
import type { RowStore } from "./store/row-store.ts";
import { stableId } from "./store/stable-id.ts";
import type { Values } from "./store/values.ts";

/** Messages that processing steps can be registered on; these three ids are the same in every environment. */
const MESSAGES: Readonly<Record<string, string>> = {
  Create: "9ebdbb1b-ea3e-db11-86a7-000a3a5473e8",
  Update: "20bebb1b-ea3e-db11-86a7-000a3a5473e8",
  Delete: "a1bdbb1b-ea3e-db11-86a7-000a3a5473e8",
};

export interface SeedIds {
  readonly businessUnit: string;
  /** The user of every request that says nothing else. */
  readonly administrator: string;
  readonly currency: string;
}

/** Makes what an empty environment has: organisation, business unit, an administrator, a currency, the messages. */
export class Seed {
  readonly #store: RowStore;
  readonly #catalogue: Catalogue;
  readonly #now: () => number;

  constructor(store: RowStore, catalogue: Catalogue, now: () => number) {
    this.#store = store;
    this.#catalogue = catalogue;
    this.#now = now;
  }

  run(organizationId: string, organizationName: string): SeedIds {
    const ids: SeedIds = {
      businessUnit: stableId("businessunit", organizationId),
      administrator: stableId("systemuser", organizationId),
      currency: stableId("currency", organizationId),
    };
    this.#store.db.transaction(() => {
      this.#put("organization", organizationId, {
        ...{ name: organizationName, languagecode: 1033 },
        ...{ isauditenabled: false, auditretentionperiodv2: 30 },
      });
      this.#put("businessunit", ids.businessUnit, { name: organizationName });
      this.#put("systemuser", ids.administrator, {
        firstname: "System",
        lastname: "Administrator",
        fullname: "System Administrator",
        domainname: "admin@localhost",
        internalemailaddress: "admin@localhost",
        azureactivedirectoryobjectid: stableId("directory", organizationId),
        businessunitid: { table: "businessunit", id: ids.businessUnit },
        isdisabled: false,
        accessmode: 0,
      });
      this.#put("transactioncurrency", ids.currency, {
        currencyname: "Euro",
        isocurrencycode: "EUR",
        currencysymbol: "€",
        exchangerate: 1,
        currencyprecision: 2,
        statecode: 0,
        statuscode: 1,
      });
      for (const [name, id] of Object.entries(MESSAGES)) this.#put("sdkmessage", id, { name, isprivate: false });
      for (const table of this.#catalogue.all()) this.filters(table);
    });
    return ids;
  }

  /** A message filter for each message of a table: what steps are registered on. */
  filters(table: Table): void {
    for (const [message, id] of Object.entries(MESSAGES))
      this.#put("sdkmessagefilter", stableId("filter", message, table.name), {
        primaryobjecttypecode: table.name,
        secondaryobjecttypecode: "none",
        iscustomprocessingstepallowed: table.steps,
        availability: 2,
        sdkmessageid: { table: "sdkmessage", id },
      });
  }

  #put(name: string, id: string, values: Values): void {
    const table = this.#catalogue.table(name);
    if (this.#store.get(table, id)) return;
    const at = Math.floor(this.#now() / 1000) * 1000;
    this.#store.insert(table, id, { ...values, createdon: at, modifiedon: at });
  }
}
