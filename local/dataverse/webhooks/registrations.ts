import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Change } from "../records/change.ts";
import type { RowStore } from "../store/row-store.ts";
import { numberOf, type Row, referenceOf, textOf } from "../store/values.ts";

export interface Image {
  readonly alias: string;
  readonly pre: boolean;
  readonly post: boolean;
  /** Undefined: all columns. */
  readonly columns: ReadonlySet<string> | undefined;
}

/** An enabled asynchronous step of a webhook. */
export interface Registration {
  readonly id: string;
  readonly name: string;
  readonly message: string;
  /** Undefined: every table. */
  readonly table: string | undefined;
  /** Undefined: every column. */
  readonly filtering: ReadonlySet<string> | undefined;
  readonly images: readonly Image[];
  readonly endpoint: string;
  readonly rank: number;
  readonly autoDelete: boolean;
  readonly impersonating: string | undefined;
}

const REGISTRATION_TABLES: ReadonlySet<string> = new Set([
  "serviceendpoint",
  "sdkmessagefilter",
  "sdkmessageprocessingstep",
  "sdkmessageprocessingstepimage",
]);

/** Which steps a change fires. Reads the registrations once, and again when one of them is written. */
export class Registrations {
  readonly #store: RowStore;
  readonly #catalogue: Catalogue;
  #known: readonly Registration[] | undefined;

  constructor(store: RowStore, catalogue: Catalogue) {
    this.#store = store;
    this.#catalogue = catalogue;
  }

  /** In the order in which they run. A column fires by being included in the update, changed or not. */
  firedBy(change: Change): readonly Registration[] {
    if (REGISTRATION_TABLES.has(change.table.name)) this.#known = undefined;
    if (!change.table.steps) return [];
    return this.#all().filter(
      ({ message, table, filtering }) =>
        message === change.message &&
        (table === undefined || table === change.table.name) &&
        (message !== "Update" || !filtering || Object.keys(change.target).some((name) => filtering.has(name))),
    );
  }

  /** After a transaction was undone: what was read within it may never have been. */
  forget(): void {
    this.#known = undefined;
  }

  #all(): readonly Registration[] {
    this.#known ??= this.#read();
    return this.#known;
  }

  #read(): Registration[] {
    const steps = this.#store.select(
      this.#catalogue.table("sdkmessageprocessingstep"),
      `t.mode = 1 AND t.stage = 40 AND t.statecode = 0 AND t."eventhandler$type" = 'serviceendpoint'`,
      [],
      "ORDER BY t.rank, t.rowid",
    );
    return steps.flatMap((step) => this.#registration(step) ?? []);
  }

  #registration({ id, values }: Row): Registration | undefined {
    const endpoint = referenceOf(values.eventhandler);
    const message = referenceOf(values.sdkmessageid);
    if (!endpoint || !message) return undefined;
    const filter = referenceOf(values.sdkmessagefilterid);
    const filterRow = filter && this.#store.get(this.#catalogue.table("sdkmessagefilter"), filter.id);
    return {
      id,
      name: textOf(values.name) ?? "",
      message: this.#store.nameOf("sdkmessage", message.id) ?? "",
      table: textOf(filterRow?.values.primaryobjecttypecode),
      filtering: columnSet(textOf(values.filteringattributes)),
      images: this.#images(id),
      endpoint: endpoint.id,
      rank: numberOf(values.rank) ?? 1,
      autoDelete: values.asyncautodelete === true,
      impersonating: referenceOf(values.impersonatinguserid)?.id,
    };
  }

  #images(step: string): Image[] {
    const table = this.#catalogue.table("sdkmessageprocessingstepimage");
    return this.#store
      .select(table, "t.sdkmessageprocessingstepid = ?", [step], "ORDER BY t.rowid")
      .map(({ values }) => ({
        alias: textOf(values.entityalias) ?? "",
        pre: values.imagetype !== 1,
        post: values.imagetype !== 0,
        columns: columnSet(textOf(values.attributes)),
      }));
  }
}

function columnSet(list: string | undefined): ReadonlySet<string> | undefined {
  const names = list?.split(",").map((name) => name.trim()) ?? [];
  return names.some(Boolean) ? new Set(names) : undefined;
}
