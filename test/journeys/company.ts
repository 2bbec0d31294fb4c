import { type Client, type Mail, type Row, surveyLink } from "../../sandbox/client.ts";
import { publish, publishDefinitions } from "../../sandbox/definitions.ts";
import { pointWebhook, register } from "../../sandbox/register.ts";
import { createTables } from "../../sandbox/tables.ts";

const CASE_COLUMNS = [
  "statecode",
  "statuscode",
  "title",
  "ticketnumber",
  "description",
  "customerid",
  "primarycontactid",
];
const ORDER_COLUMNS = ["customerid", "ordernumber", "statecode", "statuscode"];

/** The sample company's tables, definitions and registrations, and what its people do: all through HTTP. */
export class Company {
  readonly http: Client;
  #made = 0;

  private constructor(http: Client) {
    this.http = http;
  }

  static async open(http: Client, codeCount = 300): Promise<Company> {
    await createTables(http);
    await publishDefinitions(http);
    await register(http, [
      { table: "incident", message: "Update", columns: ["statecode", "statuscode"], image: CASE_COLUMNS },
      { table: "salesorder", message: "Create", columns: [], image: ORDER_COLUMNS },
      { table: "salesorder", message: "Update", columns: ["statecode", "statuscode"], image: ORDER_COLUMNS },
      { table: "lead", message: "Create", columns: [], image: ["firstname", "lastname"] },
      { table: "contact", message: "Update", columns: ["merged", "masterid"], image: ["merged", "masterid"] },
    ]);
    const codes = Array.from({ length: codeCount }, (_, n) => `VELO-${String(n).padStart(4, "0")}`);
    await http.api("POST", "/api/discount-pools/apology-10/codes", { codes });
    return new Company(http);
  }

  /** One that another process opened. */
  static async again(http: Client): Promise<Company> {
    await pointWebhook(http);
    return new Company(http);
  }

  async publish(kind: string, document: { readonly slug: string }): Promise<void> {
    await publish(this.http, kind, document);
  }

  /** A person with an address of their own. */
  async person(firstname: string, more: Row = {}): Promise<{ readonly id: string; readonly address: string }> {
    this.#made += 1;
    const address = `${firstname.toLowerCase().replace(/[^a-z]/g, "")}-${this.#made}@example.com`;
    const id = await this.http.create("contacts", { firstname, lastname: "Essai", emailaddress1: address, ...more });
    return { id, address };
  }

  async openCase(contact: string, more: Row = {}): Promise<string> {
    const customer = { "customerid_contact@odata.bind": `/contacts(${contact})` };
    return this.http.create("incidents", { title: "Le frein avant grince", ...customer, ...more });
  }

  async order(contact: string, more: Row = {}): Promise<string> {
    const customer = { "customerid_contact@odata.bind": `/contacts(${contact})` };
    return this.http.create("salesorders", { name: "Commande", ordernumber: "CMD-1042", ...customer, ...more });
  }

  /** Until nothing is under way any more. */
  async quiet(): Promise<void> {
    await this.http.advance("PT0S");
  }

  async mailsTo(address: string): Promise<Mail[]> {
    await this.quiet();
    return this.http.mails(address);
  }

  async answer(mail: Mail | undefined, answers: Record<string, string>): Promise<Response> {
    if (mail === undefined) throw new Error("there is no survey mail to answer");
    return this.http.answerSurvey(surveyLink(mail), answers);
  }

  /** Runs of a journey by state, of one record where it is named. */
  async runs(journey: string, state: string, record?: string): Promise<Run[]> {
    await this.quiet();
    const { runs } = await this.http.api<{ runs: { run: string }[] }>(
      "GET",
      `/api/runs?journey=${journey}&state=${state}`,
    );
    const shown = await Promise.all(runs.map(({ run }) => this.run(run)));
    return shown.filter((one) => record === undefined || one.row.state.entry.record?.id === record);
  }

  run(run: string): Promise<Run> {
    return this.http.api<Run>("GET", `/api/runs/${encodeURIComponent(run)}`);
  }

  /** What happened to a run, as `step kind detail`. */
  trace(run: Run | undefined): string[] {
    return (run?.facts ?? []).map(({ step, kind, detail }) =>
      [step ?? "·", kind, detail].filter((it) => it !== null).join(" "),
    );
  }
}

/** A run as the API shows it, as far as the stories look. */
export interface Run {
  readonly row: {
    readonly seq: number;
    readonly bucket: string;
    readonly state: {
      readonly run: string;
      readonly member: string;
      readonly version: number;
      readonly at: { readonly step: string } | null;
      readonly hold: { readonly reason: string } | null;
      readonly entry: { readonly record: { readonly id: string } | null };
      readonly ended: { readonly as: string; readonly name: string | null } | null;
    };
  };
  readonly facts: readonly {
    readonly kind: string;
    readonly step: string | null;
    readonly detail: string | null;
    readonly at: number;
  }[];
  readonly durable: string | null;
}
