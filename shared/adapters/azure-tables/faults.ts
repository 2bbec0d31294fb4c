import { RestError } from "@azure/data-tables";
import { ParcoursError } from "../../errors.ts";

/** What the service answered, as far as we go on differently for it. */
export interface Reason {
  readonly kind: "exists" | "stale" | "missing" | "no-table" | "table-being-deleted";
  /** Index of the write in its transaction. */
  readonly index: number;
}

const KINDS: Readonly<Record<string, Reason["kind"]>> = {
  EntityAlreadyExists: "exists",
  UpdateConditionNotSatisfied: "stale",
  ConditionNotMet: "stale",
  ResourceNotFound: "missing",
  EntityNotFound: "missing",
  TableNotFound: "no-table",
  TableBeingDeleted: "table-being-deleted",
};

const TOO_LARGE = new Set(["EntityTooLarge", "RequestBodyTooLarge", "PropertyValueTooLarge", "ContentLengthExceeded"]);
/** Out of time, or no token from the identity: not the service's own answers, but as good as no answer from it. */
const NO_ANSWER = /^(AbortError|TimeoutError|\w*Authentication\w*Error|CredentialUnavailableError)$/;
/** Refused for the moment: a role that has not spread yet, too slow, too many, broken. */
const MOMENTARY = new Set([401, 403, 408, 429]);

/** Undefined for what is no answer to go on from. */
export function reasonOf(fault: unknown): Reason | undefined {
  if (!(fault instanceof RestError)) return undefined;
  const kind = KINDS[codeOf(fault) ?? ""];
  if (kind === undefined) return undefined;
  // In a transaction the message starts with the index of the write that did not fit: `3:The specified …`.
  return { kind, index: Number(/^(\d+):/.exec(fault.message)?.[1] ?? 0) };
}

/** The fault as ours where trying again can help, or the row was too large; else as it came. */
export function faultOf(fault: unknown): unknown {
  if (fault instanceof RestError) return restFaultOf(fault);
  if (!(fault instanceof Error) || !NO_ANSWER.test(fault.name)) return fault;
  return new ParcoursError("STORE_UNAVAILABLE", `Azure Tables: ${fault.message}`, { cause: fault });
}

function restFaultOf(fault: RestError): Error {
  const code = codeOf(fault) ?? "";
  const said = `Azure Tables: ${[fault.statusCode, code].filter(Boolean).join(" ") || fault.message}`;
  if (TOO_LARGE.has(code)) return new ParcoursError("ROW_TOO_LARGE", said, { cause: fault });
  const status = fault.statusCode ?? 0;
  const refused = status >= 400 && status < 500 && !MOMENTARY.has(status) && KINDS[code] === undefined;
  return refused ? fault : new ParcoursError("STORE_UNAVAILABLE", said, { cause: fault });
}

/** A transaction's error carries its code itself; that of a single operation lies in the body. */
function codeOf(fault: RestError): string | undefined {
  const { details } = fault;
  const body = isRecord(details) ? details.odataError : undefined;
  if (isRecord(body) && typeof body.code === "string") return body.code;
  return fault.code;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
