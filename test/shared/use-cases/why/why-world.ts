import type { ColumnInfo, TableInfo } from "../../../../shared/domain/metadata.ts";
import type { Metadata } from "../../../../shared/ports/metadata.ts";
import type { Deps } from "../../../../shared/use-cases/deps.ts";
import { receiveChange } from "../../../../shared/use-cases/receive-change.ts";
import { register } from "../../../../shared/use-cases/registration.ts";
import { answerWhy, type WhyAnswer } from "../../../../shared/use-cases/why/answer-why.ts";
import { whyAsText } from "../../../../shared/use-cases/why/why-as-text.ts";
import { ChangeReports } from "../../../support/change-reports.ts";
import { ANNA, mail, openCompany } from "../../../support/company-in-process.ts";
import { type Document, inProcess, START, type World } from "../../../support/in-process.ts";
import { MemoryRegistrar } from "../../../support/memory-registrar.ts";
import { CASE, caseBody, lookup, option } from "../../wire/payload.ts";

export const CASE_ABOUT = `incident:${CASE}`;
const ANNA_ID = ANNA.slice("contact:".length);
const USER = "11111111-aaaa-4aaa-8aaa-000000000001";
const STEP = "44444444-aaaa-4aaa-8aaa-000000000004";

/** Fires where the status of a case is saved with another value. */
export const STATUS = {
  ...{ kind: "record", slug: "status-changed", name: "Status changed", table: "incident" },
  audience: [{ column: "customerid", table: "contact" }],
  updated: { columns: ["statecode"] },
};

/** Who has a case resolved gets a mail. */
export const THANKS: Document = {
  slug: "thank-you",
  name: "Thank you",
  entry: {
    trigger: "status-changed",
    filter: { kind: "compare", field: "event.statecode", op: "eq", value: 1 },
  },
  start: "thank",
  steps: { thank: { kind: "email", mail: "thanks", next: null } },
};

const column = (name: string, more: Partial<ColumnInfo> = {}): ColumnInfo => ({
  ...{ column: name, label: { en: name, fr: name }, type: "text", custom: false, writable: true },
  ...{ options: [], targets: [], ...more },
});
const state = (value: number, en: string, fr: string) => ({ value, label: { en, fr }, state: null });

const INCIDENT: TableInfo = {
  ...{ table: "incident", label: { en: "Case", fr: "Incident" }, custom: false, system: false, nameColumn: "title" },
  columns: [
    column("statecode", {
      ...{ label: { en: "Status", fr: "Statut" }, type: "state" },
      options: [state(0, "Active", "Actif"), state(1, "Resolved", "Résolu"), state(2, "Cancelled", "Annulé")],
    }),
    column("title", { label: { en: "Title", fr: "Titre" } }),
    column("ticketnumber", { label: { en: "Case number", fr: "Numéro de l’incident" } }),
    column("customerid", { label: { en: "Customer", fr: "Client" }, type: "lookup", targets: ["contact"] }),
    ...["createdon", "modifiedon"].map((name) => column(name, { type: "moment" })),
  ],
};
const CONTACT: TableInfo = {
  ...{
    table: "contact",
    label: { en: "Contact", fr: "Contact" },
    custom: false,
    system: false,
    nameColumn: "fullname",
  },
  columns: ["fullname", "emailaddress1"].map((name) => column(name)),
};

/** An organisation with labels, of cases and contacts. */
class LabelledMetadata implements Metadata {
  async tables() {
    return [INCIDENT, CONTACT];
  }
  async table(name: string): Promise<TableInfo | undefined> {
    return [INCIDENT, CONTACT].find(({ table }) => table === name);
  }
  async lookups(name: string) {
    return (await this.table(name))?.columns.filter(({ type }) => type === "lookup") ?? [];
  }
  async lookupsTo() {
    return [];
  }
  async personLookups() {
    return [];
  }
}

export interface Save {
  readonly before?: number;
  readonly after?: number;
  readonly written?: readonly string[];
  readonly tag?: string;
  /** When it was made; now, if nothing is said. */
  readonly at?: number;
  readonly organization?: string;
  /** Over 256 KB: it comes without what was written and without images. */
  readonly oversize?: boolean;
}

/** A company whose cases change, and somebody who asks why. */
export class WhyWorld {
  readonly world: World = inProcess();
  readonly reports = new ChangeReports(this.world);
  readonly registrar = new MemoryRegistrar();
  readonly deps: Deps = {
    ...{ ...this.world.calm, metadata: new LabelledMetadata() },
    registration: { ...this.world.calm.registration, on: true, registrar: this.registrar },
  };
  /** Whose cases they are. */
  customer = ANNA_ID;
  #saves = 0;

  static async open(trigger: Document | null = STATUS, journeys: readonly Document[] = [THANKS]): Promise<WhyWorld> {
    const it = new WhyWorld();
    const { world } = it;
    await openCompany(world, []);
    for (const slug of ["case-resolved", "case-reopened", "case-touched"]) await it.stop(slug);
    await world.publish("mails", mail("thanks", "<p>Thanks</p>"));
    if (trigger !== null) await world.publish("triggers", trigger);
    for (const journey of journeys) await world.publish("journeys", journey);
    world.dataverse.put("contact", ANNA_ID, {
      ...{ statecode: 0, firstname: "Anna", fullname: "Anna Blum", emailaddress1: "anna@example.com" },
    });
    world.dataverse.put("systemuser", USER, { fullname: "Léa Martin" });
    it.row({ statecode: 0 });
    await it.register();
    return it;
  }

  /** As it should be in Dataverse. */
  async register(): Promise<void> {
    await register(this.deps);
  }

  async stop(slug: string): Promise<void> {
    const generation = (await this.deps.generation.read()) + 1;
    await this.deps.triggers.stop(slug, new Date(this.world.clock.now()).toISOString(), generation);
    await this.deps.generation.raise();
    this.pass(this.deps.settings.catalogueLifetime);
    await this.deps.catalogue.current();
  }

  /** The case as it is in Dataverse now. */
  row(values: Readonly<Record<string, number | string | null>>, savedAt = this.world.clock.now()): void {
    const moments = { createdon: new Date(START).toISOString(), modifiedon: new Date(savedAt).toISOString() };
    const named = { title: "The brake squeals", ticketnumber: "CAS-01042" };
    const customerid = { table: "contact", id: ANNA_ID, name: "Anna Blum" };
    this.world.dataverse.put("incident", CASE, { ...named, ...moments, customerid, ...values });
  }

  pass(ms: number): void {
    this.world.clock.moveTo(this.world.clock.now() + ms);
  }

  /** A save of the case that Dataverse tells of, and all that it leads to. */
  async save(save: Save): Promise<void> {
    this.pass(60_000);
    await this.tell(save);
    await this.reports.workAll();
    await this.world.quiet();
  }

  /** As Dataverse posts it; nobody has worked on it yet. */
  async tell({
    before,
    after,
    written = ["statecode"],
    tag,
    at,
    organization,
    oversize = false,
  }: Save): Promise<string> {
    this.#saves += 1;
    const when = at ?? this.world.clock.now();
    const customer = { customerid: lookup("contact", this.customer) };
    const images = {
      ...(before === undefined ? {} : { pre: { statecode: option(before), ...customer } }),
      ...(after === undefined ? {} : { post: { statecode: option(after), ...customer } }),
    };
    const target = Object.fromEntries(
      written.map((name) => [name, name === "statecode" && after !== undefined ? option(after) : "x"]),
    );
    const over = {
      OrganizationId: organization ?? this.deps.settings.organization,
      OperationId: `22222222-aaaa-4aaa-8aaa-${String(this.#saves).padStart(12, "0")}`,
      OperationCreatedOn: `/Date(${Math.floor(when / 1000) * 1000}+0000)/`,
      OwningExtension: { Id: STEP, LogicalName: "sdkmessageprocessingstep" },
      UserId: USER,
      ...(oversize ? { InputParameters: null, PreEntityImages: null, PostEntityImages: null } : {}),
    };
    if (after !== undefined) this.row({ statecode: after }, when);
    const shared = tag === undefined ? {} : { tag };
    const body = caseBody({ target, ...images, shared, over });
    return (await receiveChange({ key: "webhook-key", body, oversize }, this.world.deps)).kind;
  }

  why(about = CASE_ABOUT, more: Partial<Parameters<typeof answerWhy>[0]> = {}): Promise<WhyAnswer> {
    return answerWhy({ about, language: "en", discreet: false, ...more }, this.deps);
  }

  /** The answer, where there is one. */
  async answer(about = CASE_ABOUT, more: Partial<Parameters<typeof answerWhy>[0]> = {}) {
    const answer = await this.why(about, more);
    if (answer.kind !== "answer") throw new Error(`no answer: ${JSON.stringify(answer)}`);
    return answer;
  }

  async text(about = CASE_ABOUT): Promise<string> {
    return (await whyAsText({ about, language: "en" }, this.deps)).text;
  }

  /** Each link of the chain as `step outcome`. */
  async links(about = CASE_ABOUT): Promise<string[]> {
    return (await this.answer(about)).chain.map(({ step, outcome }) => `${step} ${outcome}`);
  }

  close(): void {
    this.world.close();
  }
}
