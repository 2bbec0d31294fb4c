import type { z } from "zod";
import { ParcoursError } from "../../errors.ts";
import { refusal } from "./answers.ts";
import { lackIn, lackSaid } from "./privilege.ts";

export interface Connection {
  /** The Web API's root: `https://org.crm.dynamics.com/api/data/v9.2`. */
  readonly url: string;
  /** An access token for the organisation; the local stand-in needs none. */
  readonly token?: (() => Promise<string>) | undefined;
  now(): number;
  /** Waits in real time. */
  sleep(ms: number): Promise<void>;
}

export interface Ask {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below the root, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text is sent as it is, and its headers say what it is. */
  readonly body?: unknown;
  /** The answer is text that its schema reads, not JSON. */
  readonly text?: boolean;
}

/** Sends one request. 'missing' when the row that it names does not exist. */
export type Send = <T>(ask: Ask, schema: z.ZodType<T> | undefined) => Promise<T | "missing">;

const TIME_OUT = 20_000;
/** A Retry-After up to this is waited for here; a longer one is a hold, decided by the caller. */
const SHORT_WAIT = 5_000;
const ROW_MISSING = "0x80040217";

/**
 * Requests to one organisation. 429 and 503 close it for the whole process until their Retry-After is over, since
 * Dataverse counts a caller's requests together: a short one is waited for once, a longer one is DATAVERSE_UNAVAILABLE.
 */
export function requestsTo(to: Connection): Send {
  const connection = { ...to, url: to.url.replace(/\/+$/, "") };
  let closedUntil = 0;

  async function untilOpen(): Promise<void> {
    const wait = closedUntil - connection.now();
    if (wait > SHORT_WAIT) throw throttled(wait);
    if (wait > 0) await connection.sleep(wait);
  }

  return async (ask, schema) => {
    for (let asked = 1; ; asked++) {
      await untilOpen();
      const response = await request(connection, ask);
      const busy = response.status === 429 || response.status === 503;
      if (!busy) return answerOf(response, ask, schema);
      await response.body?.cancel();
      const wait = retryAfter(response);
      closedUntil = Math.max(closedUntil, connection.now() + wait);
      if (asked > 1) throw throttled(wait);
    }
  };
}

function throttled(wait: number): ParcoursError {
  return new ParcoursError("DATAVERSE_UNAVAILABLE", `Dataverse asks to wait ${Math.ceil(wait / 1000)} s`);
}

async function request({ url, token }: Connection, ask: Ask): Promise<Response> {
  try {
    const headers = new Headers({ accept: "application/json", "odata-version": "4.0", "odata-maxversion": "4.0" });
    if (token !== undefined) headers.set("authorization", `Bearer ${await token()}`);
    if (ask.body !== undefined) headers.set("content-type", "application/json");
    for (const [name, value] of Object.entries(ask.headers ?? {})) headers.set(name, value);
    return await fetch(`${url}/${ask.path}`, {
      method: ask.method,
      headers,
      signal: AbortSignal.timeout(TIME_OUT),
      ...(ask.body !== undefined && { body: typeof ask.body === "string" ? ask.body : JSON.stringify(ask.body) }),
    });
  } catch (cause) {
    if (cause instanceof ParcoursError) throw cause;
    throw unavailable("Dataverse did not answer", cause);
  }
}

async function answerOf<T>(response: Response, ask: Ask, schema: z.ZodType<T> | undefined): Promise<T | "missing"> {
  const text = await response.text().catch((cause: unknown) => {
    throw unavailable("Dataverse broke off its answer", cause);
  });
  return readAnswer({ status: response.status, text }, ask, schema);
}

/** What an answer says, of a request or of one part of a batch. Throws as a request does. */
export function readAnswer<T>(
  { status, text }: { readonly status: number; readonly text: string },
  ask: Ask,
  schema: z.ZodType<T> | undefined,
): T | "missing" {
  if (status < 200 || status > 299) {
    const said = refusal.safeParse(jsonOf(text) ?? jsonOf(refusalWithin(text))).data?.error;
    if (status === 404 && said?.code.toLowerCase() === ROW_MISSING) return "missing";
    const where = ask.path.replace(/\?.*/, "");
    const told = `Dataverse answered ${status} to ${ask.method} ${where}: ${said?.message ?? "no reason given"}`;
    const lack = lackIn(told);
    const message = lack === undefined ? told : `${lackSaid(lack, `may not ${DOING[ask.method]} ${where}`)}. ${told}`;
    const busy = status >= 500 || status === 408 || status === 429;
    throw new ParcoursError(busy ? "DATAVERSE_UNAVAILABLE" : "DATAVERSE_REFUSED", message);
  }
  if (schema === undefined) return undefined as T;
  const read = schema.safeParse(ask.text === true ? text : jsonOf(text));
  if (!read.success) throw unavailable(`Dataverse's answer to ${ask.method} ${ask.path} can't be read`, read.error);
  return read.data;
}

function unavailable(message: string, cause: unknown): ParcoursError {
  return new ParcoursError("DATAVERSE_UNAVAILABLE", message, { cause });
}

const DOING = { GET: "read", POST: "make", PATCH: "change", DELETE: "delete" } as const;

/** Milliseconds; Dataverse gives seconds. Without a number a second is a fair guess. */
function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 1000;
}

/** A batch that fails answers in parts, and one line of them holds the reason. */
function refusalWithin(text: string): string {
  return /^\{"error":.*\}$/m.exec(text.replaceAll("\r", ""))?.[0] ?? "";
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
