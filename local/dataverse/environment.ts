import { Catalogue } from "./catalogue/catalogue.ts";
import { STANDARD_TABLES } from "./catalogue/standard-tables.ts";
import type { Table } from "./catalogue/types.ts";
import { Audits } from "./records/audits.ts";
import { Privileges } from "./records/privileges.ts";
import { Records } from "./records/records.ts";
import { Seed, type SeedIds } from "./seed.ts";
import { Database } from "./store/database.ts";
import { RowStore } from "./store/row-store.ts";
import { stableId } from "./store/stable-id.ts";
import { textOf } from "./store/values.ts";
import { Delivery } from "./webhooks/delivery.ts";
import { Registrations } from "./webhooks/registrations.ts";
import { SystemJobs } from "./webhooks/system-jobs.ts";

export interface EnvironmentOptions {
  readonly file: string | undefined;
  readonly now: () => number;
  readonly open: (what: string) => () => void;
  readonly log: (line: string) => void;
  readonly organizationId: string;
  readonly organizationName: string;
}

const NOBODY = "00000000-0000-0000-0000-000000000000";

/** One Dataverse environment: its tables and rows, and what happens when they change. */
export class Environment {
  readonly catalogue: Catalogue;
  readonly store: RowStore;
  readonly records: Records;
  readonly privileges: Privileges;
  readonly delivery: Delivery;
  readonly ids: SeedIds;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly now: () => number;
  readonly open: (what: string) => () => void;
  readonly #db: Database;
  readonly #seed: Seed;
  readonly #registrations: Registrations;

  constructor(options: EnvironmentOptions) {
    const { now, open, log } = options;
    this.now = now;
    this.open = open;
    this.#db = new Database(options.file);
    this.organizationId = this.#kept("organizationId", options.organizationId);
    this.organizationName = this.#kept("organizationName", options.organizationName);
    const saved = this.#db
      .all(`SELECT definition FROM "$table"`)
      .map((row) => JSON.parse(String(row.definition)) as Table);
    this.catalogue = new Catalogue([...STANDARD_TABLES, ...saved]);
    this.privileges = new Privileges(this.catalogue);
    for (const table of this.catalogue.all()) this.#db.ensure(table);
    this.store = new RowStore(this.#db, this.catalogue);
    this.#seed = new Seed(this.store, this.catalogue, now);
    this.ids = this.#seed.run(this.organizationId, this.organizationName);
    this.#registrations = new Registrations(this.store, this.catalogue);
    const jobs = this.#jobs();
    this.delivery = new Delivery({
      store: this.store,
      catalogue: this.catalogue,
      jobs,
      open,
      organizationDomain: `${this.organizationName}.crm.dynamics.com`,
      log,
    });
    const audits = new Audits(this.store, this.catalogue);
    this.records = new Records({
      catalogue: this.catalogue,
      store: this.store,
      now,
      businessUnit: this.ids.businessUnit,
      changed: (change) => {
        audits.keep(change);
        const made = jobs.jobsFor(change);
        if (made.length > 0) this.#db.afterCommit(() => this.delivery.enqueue(made));
      },
    });
    this.delivery.enqueue(jobs.pending());
  }

  /** Runs the work in one transaction; what it registered is forgotten if it fails. */
  atomically<T>(work: () => T): T {
    try {
      return this.#db.transaction(work);
    } catch (error) {
      this.#registrations.forget();
      throw error;
    }
  }

  /** Saves a table's new definition: custom tables, and standard ones with custom columns. */
  define(table: Table): void {
    this.#db.run(
      `INSERT INTO "$table" (name, definition) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET definition = excluded.definition`,
      table.name,
      JSON.stringify(table),
    );
    this.catalogue.put(table);
    this.#db.ensure(table);
    this.#seed.filters(table);
    this.#registrations.forget();
  }

  undefine(name: string): void {
    this.#db.run(`DELETE FROM "$table" WHERE name = ?`, name);
    this.catalogue.remove(name);
    this.#db.drop(name);
    this.#registrations.forget();
  }

  close(): void {
    this.delivery.close();
    this.#db.close();
  }

  #jobs(): SystemJobs {
    const users = this.catalogue.table("systemuser");
    const organisation = { id: this.organizationId, name: this.organizationName, businessUnit: this.ids.businessUnit };
    return new SystemJobs({
      store: this.store,
      catalogue: this.catalogue,
      registrations: this.#registrations,
      now: this.now,
      context: {
        organisation,
        nameOf: (table, id) => this.store.nameOf(table, id),
        directoryIdOf: (user) => textOf(this.store.get(users, user)?.values.azureactivedirectoryobjectid) ?? NOBODY,
      },
    });
  }

  /** What an environment was first started with stays: ids are derived from it. */
  #kept(key: string, value: string): string {
    const known = this.#db.meta(key);
    if (known !== undefined) return known;
    this.#db.setMeta(key, value);
    return value;
  }
}

/** The id that an environment of that name gets when none is said. */
export function organizationIdOf(name: string): string {
  return stableId("organization", name);
}
