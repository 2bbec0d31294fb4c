/** Every fault we name, and whether trying again unchanged can help. */
const RETRYABLE = {
  CONFIG_INVALID: false, // a setting is missing or wrong: said at start, with its name
  DEFINITION_INVALID: false, // a stored definition no longer fits its schema
  DEFINITION_MISSING: false, // a version was deleted while something still pointed at it
  ADDRESS_KEY_CHANGED: true, // suppressed addresses would not be found: nobody is mailed until the key is back
  KEY_INVALID: false, // a key part holds a character that the store can't take
  ROW_TOO_LARGE: false, // over the store's limit: the row must be split or referenced
  STORE_UNAVAILABLE: true, // the store timed out, throttled or refused the connection
  BUS_UNAVAILABLE: true, // Service Bus timed out, throttled or refused the connection
  MAILER_UNAVAILABLE: true, // the provider timed out or answered 5xx
  DATAVERSE_UNAVAILABLE: true, // the organisation timed out, answered 5xx or 429
  DATAVERSE_REFUSED: false, // the organisation answered 4xx: the request can't succeed as it is
  DATAVERSE_FORBIDDEN: false, // our user there lacks a privilege: its name and table are said
  RUNNER_UNAVAILABLE: true, // the durable host did not answer
  MESSAGE_MALFORMED: false, // a bus message that no schema of ours reads
  TEMPLATE_FAILED: false, // a template passed its limits, or uses what does not exist
  ROW_NEWER: true, // a later build wrote it, which runs beside this one or will again
  STALE_WRITE: true, // someone else saved this row first
} as const;

export type FaultCode = keyof typeof RETRYABLE;

/** A fault: something we could not do. Expected outcomes are return values, never this. */
export class ParcoursError extends Error {
  readonly code: FaultCode;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ParcoursError";
    this.code = code;
    this.retryable = RETRYABLE[code];
  }
}

/** Whether trying again unchanged can help. What we did not name is taken for a fault of the moment. */
export function isRetryable(fault: unknown): boolean {
  return fault instanceof ParcoursError ? fault.retryable : true;
}

/** A fault's code; what we did not name is a `fault`. */
export function codeOf(fault: unknown): FaultCode | "fault" {
  return fault instanceof ParcoursError ? fault.code : "fault";
}

/** The compiler's proof that a switch is exhaustive. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
