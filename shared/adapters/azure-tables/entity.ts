import type { StoredRow } from "../../ports/rows.ts";

/** A string property holds 32 Ki characters (64 KiB in UTF-16). */
const MAX_COLUMN_CHARACTERS = 30_000;

export interface Entity {
  readonly partitionKey: string;
  readonly rowKey: string;
  /** The JSON of the value in pieces: `v0`, `v1`, … */
  readonly [column: string]: string;
}

/** An entity as the SDK answers it; no field of it is sure to be there. */
export type FoundEntity = {
  readonly [column: string]: unknown;
  readonly partitionKey?: string;
  readonly rowKey?: string;
  readonly etag?: string;
};

export function toEntity(partition: string, row: string, json: string): Entity {
  const columns = pieces(json).map((piece, n) => [`v${n}`, piece] as const);
  return { ...Object.fromEntries(columns), partitionKey: partition, rowKey: row };
}

export function fromEntity<T>(entity: FoundEntity): StoredRow<T> {
  let json = "";
  for (let n = 0; typeof entity[`v${n}`] === "string"; n++) json += entity[`v${n}`];
  const { partitionKey = "", rowKey = "", etag = "" } = entity;
  return { partition: partitionKey, row: rowKey, etag, value: JSON.parse(json) };
}

/** Never between the two halves of a surrogate pair: each piece is encoded in UTF-8 by itself. */
function pieces(json: string): readonly string[] {
  const found: string[] = [];
  for (let from = 0; from < json.length; ) {
    const end = from + MAX_COLUMN_CHARACTERS;
    const to = isHighSurrogate(json.charCodeAt(end - 1)) ? end - 1 : end;
    found.push(json.slice(from, to));
    from = to;
  }
  return found;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
