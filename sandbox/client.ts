/** Where the parts of a running Parcours are: as `.parcours/sandbox.json` says. */
export interface Addresses {
  readonly app: string;
  readonly dataverse: string;
  readonly communication: string;
  readonly control: string;
  readonly webhookKey: string;
  readonly organizationId: string;
}

/** One mail of the mailbox. */
export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sentAt: string;
  readonly operationId: string;
}

export type Row = Record<string, unknown>;

/** What another program can do with Parcours and what surrounds it: HTTP, and nothing else. */
export class Client {
  readonly at: Addresses;

  constructor(addresses: Addresses) {
    this.at = addresses;
  }

  /** Creates a row and answers its id. */
  async create(entitySet: string, row: Row): Promise<string> {
    const response = await this.#dataverse("POST", entitySet, row);
    const id = /\(([0-9a-f-]{36})\)$/i.exec(response.headers.get("odata-entityid") ?? "")?.[1];
    if (id === undefined) throw new Error(`Dataverse named no id for a row of ${entitySet}`);
    return id.toLowerCase();
  }

  async update(entitySet: string, id: string, row: Row): Promise<void> {
    await this.#dataverse("PATCH", `${entitySet}(${id})`, row);
  }

  async remove(entitySet: string, id: string): Promise<void> {
    await this.#dataverse("DELETE", `${entitySet}(${id})`);
  }

  async read(path: string): Promise<Row> {
    return (await this.#dataverse("GET", path)).json() as Promise<Row>;
  }

  async post(path: string, body: Row): Promise<Response> {
    return this.#dataverse("POST", path, body);
  }

  /** What a support agent does with the button "Resolve case". */
  async resolve(incident: string, status = 5): Promise<void> {
    const IncidentResolution = { subject: "Resolved", "incidentid@odata.bind": `/incidents(${incident})` };
    await this.#dataverse("POST", "CloseIncident", { IncidentResolution, Status: status });
  }

  /** The app's own API. Answers the parsed body, or throws with what was answered. */
  async api<T = Row>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const response = await send(method, `${this.at.app}${path}`, body, headers);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? {} : JSON.parse(text)) as T;
  }

  async mails(to?: string): Promise<Mail[]> {
    const query = to === undefined ? "" : `?to=${encodeURIComponent(to)}`;
    return (await send("GET", `${this.at.communication}/mailbox/messages${query}`)).json() as Promise<Mail[]>;
  }

  /** What lies under `/mailbox`, and what its readers do there. */
  async mailbox(method: string, path: string, body?: Row): Promise<unknown> {
    const response = await send(method, `${this.at.communication}${path}`, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** What time it is in the sandbox, in milliseconds since 1970. */
  async now(): Promise<number> {
    const { now } = (await (await send("GET", `${this.at.control}/clock`)).json()) as { now: string };
    return Date.parse(now);
  }

  /** Moves the clock on by an ISO 8601 duration, and answers when all is quiet. `PT0S`: waits for quiet alone. */
  async advance(duration: string): Promise<void> {
    const response = await send("POST", `${this.at.control}/clock`, { advance: duration });
    if (!response.ok) throw new Error(`the clock answered ${response.status} ${await response.text()}`);
  }

  async control(path: string, body: Row = {}): Promise<Row> {
    const response = await send("POST", `${this.at.control}${path}`, body);
    if (!response.ok) throw new Error(`${path} answered ${response.status} ${await response.text()}`);
    return response.json() as Promise<Row>;
  }

  /** Answers a survey as a browser's form does; `page` is the link out of the mail. */
  async answerSurvey(page: string, answers: Record<string, string>): Promise<Response> {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return fetch(page, { method: "POST", headers, body: new URLSearchParams(answers) });
  }

  async #dataverse(method: string, path: string, body?: Row): Promise<Response> {
    const response = await send(method, `${this.at.dataverse}/${path}`, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}

/** The survey's address in a mail. */
export function surveyLink(mail: Mail): string {
  const link = /https?:\/\/[^\s"<]+\/survey\/[^\s"<)]+/.exec(mail.html)?.[0];
  if (link === undefined) throw new Error(`no survey link in "${mail.subject}"`);
  return link;
}

async function send(
  method: string,
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const json = body === undefined ? {} : { "content-type": "application/json" };
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(url, { method, headers: { ...json, ...headers }, ...content });
}
