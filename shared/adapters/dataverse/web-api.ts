import { isReference } from "../../domain/value.ts";
import { ParcoursError } from "../../errors.ts";
import type { Dataverse, FoundRow } from "../../ports/dataverse.ts";
import { activeRows } from "./active-rows.ts";
import { type RowAnswer, rowAnswer, rowsAnswer } from "./answers.ts";
import { coalesced } from "./coalesced-reads.ts";
import { looks } from "./looks.ts";
import { Metadata, type TableShape } from "./metadata.ts";
import { type Connection, requestsTo, type Send } from "./requests.ts";
import { bodyOf, columnsOf, selectedOf } from "./row-values.ts";
import { partLiteral, textLiteral } from "./text-literal.ts";
import { Turns } from "./turns.ts";

/** Rows that one query names by their ids: more would make its address longer than some proxies let through. */
const IDS_AT_ONCE = 100;
/** Dataverse lets a caller have 52 requests under way on a web server; some are left to writes and to metadata. */
const AT_ONCE = 30;
const PREFER = { prefer: 'odata.include-annotations="*"' };

/** An organisation through its Web API, v9.2. One for each process: reads are coalesced, metadata kept, limits shared. */
export function dataverseWebApi(connection: Connection, send: Send = requestsTo(connection)): Dataverse {
  const metadata = new Metadata(send, connection.now);
  const turns = new Turns(AT_ONCE);
  const root = connection.url.replace(/\/+$/, "");

  const read = coalesced(async (table, id, columns) => {
    const shape = await metadata.shape(table, columns);
    const select = selectedOf(columns, shape);
    const row = await send(
      {
        method: "GET",
        path: `${shape.set}(${encodeURIComponent(id)})?$select=${encodeURIComponent(select)}`,
        headers: PREFER,
      },
      rowAnswer,
    );
    return row === "missing" ? undefined : columnsOf(row, columns, shape);
  }, turns);

  async function query(table: string, columns: readonly string[], options: (shape: TableShape) => string) {
    const shape = await metadata.shape(table, columns);
    const path = `${shape.set}?$select=${encodeURIComponent(selectedOf([...columns, shape.id], shape))}&${options(shape)}`;
    const answer = await send({ method: "GET", path, headers: PREFER }, rowsAnswer);
    if (answer === "missing") throw new ParcoursError("DATAVERSE_REFUSED", `the organisation has no rows of ${table}`);
    return answer.value.map((row) => foundIn(row, columns, shape));
  }

  return {
    read,

    look: looks(root, send, metadata, turns),

    async readMany(table, ids, columns) {
      const wanted = [...new Set(ids)];
      const parts = Array.from({ length: Math.ceil(wanted.length / IDS_AT_ONCE) }, (_, n) =>
        wanted.slice(n * IDS_AT_ONCE, (n + 1) * IDS_AT_ONCE),
      );
      const found = await Promise.all(
        parts.map((part) =>
          query(table, columns, ({ id }) => {
            const values = part.map((each) => `'${each.replaceAll("'", "''")}'`).join(",");
            const filter = `Microsoft.Dynamics.CRM.In(PropertyName='${id}',PropertyValues=[${values}])`;
            return `$filter=${encodeURIComponent(filter)}`;
          }),
        ),
      );
      return new Map(found.flat().map((row) => [row.id, row.columns]));
    },

    recent: (table, { columns, most, by, since }) =>
      query(table, columns, () => {
        const filter = since === undefined ? "" : `&$filter=${encodeURIComponent(`${by} ge ${since}`)}`;
        return `$orderby=${encodeURIComponent(`${by} desc`)}&$top=${most}${filter}`;
      }),

    search: (table, { text, equal, containing, columns, most }) =>
      query(table, columns, () => {
        const asked = [
          ...equal.map((column) => `${column} eq ${textLiteral(text)}`),
          ...containing.map((column) => `contains(${column},${partLiteral(text)})`),
        ];
        const order = `$orderby=${encodeURIComponent("modifiedon desc")}`;
        return `$filter=${encodeURIComponent(asked.join(" or "))}&${order}&$top=${most}`;
      }),

    find: activeRows(send, metadata),

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

function foundIn(row: RowAnswer, columns: readonly string[], shape: TableShape): FoundRow {
  return { id: String(row[shape.id]).toLowerCase(), columns: columnsOf(row, columns, shape) };
}
