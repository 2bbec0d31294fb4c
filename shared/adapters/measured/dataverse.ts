import type { Dataverse } from "../../ports/dataverse.ts";
import type { Measure } from "../../ports/measure.ts";

/** The organisation, with a span around each question: which table, never which row. */
export function measuredDataverse(dataverse: Dataverse, measure: Measure): Dataverse {
  const asked = <T>(how: string, table: string, ask: () => Promise<T>): Promise<T> =>
    measure.span("Dataverse asked", { kind: "client", labels: { how, table } }, ask);
  return {
    ...dataverse,
    read: (table, ...more) => asked("read", table, () => dataverse.read(table, ...more)),
    readMany: (table, ...more) => asked("read many", table, () => dataverse.readMany(table, ...more)),
    recent: (table, ...more) => asked("recent", table, () => dataverse.recent(table, ...more)),
    find: (table, ...more) => asked("find", table, () => dataverse.find(table, ...more)),
    update: (table, ...more) => asked("update", table, () => dataverse.update(table, ...more)),
  };
}
