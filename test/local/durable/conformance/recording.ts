import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const FOLDER = new URL("../../../fixtures/durable-functions/recordings/", import.meta.url);

export interface Http {
  readonly t: string;
  readonly request: { readonly method: string; readonly url: string; readonly body: unknown };
  readonly answer: { readonly status: number; readonly headers: Record<string, string>; readonly body: unknown };
}

/** A value as the host gave it to the worker or took it: text, parsed where it was JSON. */
export type Given = {
  readonly type?: string;
  readonly text?: string;
  readonly value?: unknown;
  readonly int?: number;
} | null;

export interface Invocation {
  readonly t: string;
  readonly function: string;
  readonly input: Readonly<Record<string, Given>>;
  readonly returnValue?: Given;
  readonly threw?: { readonly name?: string; readonly message?: string };
}

export interface Recording {
  readonly scenario: string;
  readonly http: readonly Http[];
  readonly worker: readonly (Invocation | { readonly t: string; readonly client: object; readonly answer: object })[];
}

export function recordingNames(): string[] {
  return readdirSync(FOLDER).flatMap((file) => (file.endsWith(".json.gz") ? [file.slice(0, -".json.gz".length)] : []));
}

export function recording(name: string): Recording {
  const text = gunzipSync(readFileSync(new URL(`${name}.json.gz`, FOLDER))).toString("utf8");
  const { scenario, http = [], worker } = JSON.parse(text) as Recording;
  return { scenario, http, worker };
}

export function invocations({ worker }: Recording): Invocation[] {
  return worker.filter((one): one is Invocation => "function" in one);
}
