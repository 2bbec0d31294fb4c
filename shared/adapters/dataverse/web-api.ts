import { isReference } from "../../domain/value.ts";
import type { Dataverse } from "../../ports/dataverse.ts";
import { rowAnswer } from "./answers.ts";
import { coalesced } from "./coalesced-reads.ts";
import { Metadata } from "./metadata.ts";
import { type Connection, requestsTo } from "./requests.ts";
import { bodyOf, columnsOf, propertyOf } from "./row-values.ts";

/** An organisation through its Web API, v9.2. One for each process: reads are coalesced, metadata kept, limits shared. */
export function dataverseWebApi(connection: Connection): Dataverse {
  const send = requestsTo({ ...connection, url: connection.url.replace(/\/+$/, "") });
  const metadata = new Metadata(send, connection.now);

  const read = coalesced(async (table, id, columns) => {
    const shape = await metadata.shape(table, columns);
    // Without a column it is asked whether the row is there; an empty selection would bring all of it.
    const select = columns.map((column) => propertyOf(column, shape)).join(",") || shape.id;
    const row = await send(
      {
        method: "GET",
        path: `${shape.set}(${encodeURIComponent(id)})?$select=${encodeURIComponent(select)}`,
        headers: { prefer: 'odata.include-annotations="*"' },
      },
      rowAnswer,
    );
    return row === "missing" ? undefined : columnsOf(row, columns, shape);
  });

  return {
    read,

    async update(table, id, values, tag) {
      const shape = await metadata.shape(table, Object.keys(values));
      const lookups = Object.keys(values).filter((column) => shape.columns.get(column) === "lookup");
      const referred = new Set(
        Object.values(values)
          .filter(isReference)
          .map((reference) => reference.table),
      );
      const [navigations, ...sets] = await Promise.all([
        lookups.length > 0 ? metadata.navigations(table) : new Map<string, ReadonlyMap<string, string>>(),
        ...[...referred].map(async (each) => [each, (await metadata.shape(each)).set] as const),
      ]);
      const answer = await send(
        {
          method: "PATCH",
          path: `${shape.set}(${encodeURIComponent(id)})?tag=${encodeURIComponent(tag)}`,
          // Without it a PATCH makes the row where it is gone.
          headers: { "if-match": "*" },
          body: bodyOf(values, { shape, navigations, setOf: new Map(sets) }),
        },
        undefined,
      );
      return answer === "missing" ? "missing" : "updated";
    },

    labels: (table, language) => metadata.labels(table, language),
  };
}
