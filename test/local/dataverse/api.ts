import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import { type Dataverse, type DataverseOptions, startDataverse } from "../../../local/dataverse/dataverse.ts";

export type Json = Record<string, unknown>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
  readonly text: string;
}

/** A stand-in of its own, and a way to talk to it. */
export interface Api {
  readonly dataverse: Dataverse;
  readonly clock: VirtualClock;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** POST, and the new row's id. */
  create(set: string, body: Json, headers?: Record<string, string>): Promise<string>;
  rows(path: string, headers?: Record<string, string>): Promise<Json[]>;
  close(): Promise<void>;
}

export async function openApi(options: Partial<DataverseOptions> = {}): Promise<Api> {
  const clock = new VirtualClock();
  const dataverse = await startDataverse({ port: 0, clock, busy: clock, organizationName: "boreal", ...options });
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const json = { "Content-Type": "application/json", ...headers };
    const response = await fetch(path.startsWith("http") ? path : `${dataverse.url}/${path}`, {
      method,
      headers: json,
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    return { status: response.status, headers: response.headers, text, body: isJson ? (JSON.parse(text) as Json) : {} };
  };
  return {
    dataverse,
    clock,
    call,
    async create(set, body, headers) {
      const { status, headers: answered, text } = await call("POST", set, body, headers);
      if (status !== 204) throw new Error(`${status} ${text}`);
      return /\(([0-9a-f-]{36})\)$/.exec(answered.get("odata-entityid") ?? "")?.[1] ?? "";
    },
    async rows(path, headers) {
      const { status, body, text } = await call("GET", path, undefined, headers);
      if (status !== 200) throw new Error(`${status} ${text}`);
      return body.value as Json[];
    },
    async close() {
      await dataverse.close();
      clock.close();
    },
  };
}
