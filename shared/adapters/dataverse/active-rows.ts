import { z } from "zod";
import { rowAnswer } from "./answers.ts";
import type { Metadata } from "./metadata.ts";
import type { Send } from "./requests.ts";
import { propertyOf } from "./row-values.ts";

const found = z.object({ value: z.array(rowAnswer) });

/** Ids of the active rows whose column holds the value, at most two, in one query. */
export function activeRows(send: Send, metadata: Metadata) {
  return async (table: string, column: string, value: string | number): Promise<readonly string[]> => {
    const shape = await metadata.shape(table, [column]);
    // A quote in a text is written twice, else the text would end there and the rest be read as a filter.
    const literal = typeof value === "number" ? String(value) : `'${value.replaceAll("'", "''")}'`;
    const filter = encodeURIComponent(`${propertyOf(column, shape)} eq ${literal} and statecode eq 0`);
    const path = `${shape.set}?$select=${shape.id}&$filter=${filter}&$top=2`;
    const rows = await send({ method: "GET", path }, found);
    return rows === "missing" ? [] : rows.value.map((row) => String(row[shape.id]).toLowerCase());
  };
}
