/** A refusal as the Web API answers it: HTTP status, hexadecimal code, message. */
export class ODataError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "ODataError";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function notFound(table: string, id: string): ODataError {
  return new ODataError(404, "0x80040217", `Entity '${table}' With Id = ${id} Does Not Exist`);
}

export function noSegment(segment: string): ODataError {
  return new ODataError(404, "0x8006088a", `Resource not found for the segment '${segment}'.`);
}

export function noProperty(name: string, table: string): ODataError {
  return new ODataError(
    400,
    "0x80060888",
    `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${table}'.`,
  );
}

/** A body that does not fit the table's type. */
export function badPayload(set: string, message: string): ODataError {
  return new ODataError(
    400,
    "0x80048d19",
    `Error identified in Payload provided by the user for Entity :'${set}', ${message}`,
  );
}

export function badQuery(message: string): ODataError {
  return new ODataError(400, "0x80060888", message);
}

export function badRequest(message: string, code = "0x80040203"): ODataError {
  return new ODataError(400, code, message);
}

export function precondition(message: string, code = "0x80060882"): ODataError {
  return new ODataError(412, code, message);
}
