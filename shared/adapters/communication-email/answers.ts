import type { SendAnswer } from "../../ports/mailer.ts";

/** Where a 429 does not say how long: the limits are counted by the minute. */
const THROTTLED_MS = 60_000;
/** Refusals of this one mail. All else (keys, roles, 409, 5xx) says nothing of what became of it: it is asked for. */
const REFUSED = new Set([400, 404, 413, 415, 422]);

/** What the SDK throws for an answer that is no success. */
interface Refusal {
  readonly statusCode: number;
  readonly code: string;
  readonly message: string;
  readonly retryAfter: string | undefined;
}

/** What a POST that was not accepted comes to. */
export function toSendAnswer(fault: unknown): SendAnswer {
  const refusal = refusalOf(fault);
  if (refusal === undefined)
    return { kind: "no-answer", reason: fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault) };
  const { statusCode, code, message, retryAfter } = refusal;
  if (statusCode === 429) return { kind: "throttled", retryAfterMs: milliseconds(retryAfter) };
  const reason = `${statusCode} ${code}: ${withoutAddresses(message)}`;
  return { kind: REFUSED.has(statusCode) ? "refused" : "no-answer", reason };
}

/** The HTTP status of an answer, if there was one. */
export function statusOf(fault: unknown): number | undefined {
  return refusalOf(fault)?.statusCode;
}

function refusalOf(fault: unknown): Refusal | undefined {
  if (!(fault instanceof Error) || !("statusCode" in fault) || typeof fault.statusCode !== "number") return undefined;
  const details = field(fault, "details");
  const error = field(details, "error") ?? details;
  return {
    statusCode: fault.statusCode,
    code: text(field(error, "code")) ?? text(field(fault, "code")) ?? "",
    message: text(field(error, "message")) ?? fault.message,
    retryAfter: retryAfterOf(field(fault, "response")),
  };
}

function retryAfterOf(response: unknown): string | undefined {
  const headers = field(response, "headers");
  const get = field(headers, "get");
  return typeof get === "function" ? text(get.call(headers, "retry-after")) : undefined;
}

/** `Retry-After` in seconds, its usual form; a date would need a clock. */
function milliseconds(retryAfter: string | undefined): number {
  const seconds = Number(retryAfter ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1000) : THROTTLED_MS;
}

/** A reason is shown and kept: it names no person. */
function withoutAddresses(message: string): string {
  return message.replace(/[^\s'"<>]+@[^\s'"<>]+/g, "…");
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
