import type { Change } from "../shared/domain/change.ts";
import type { Condition } from "../shared/domain/condition.ts";
import type { RecordTrigger } from "../shared/domain/trigger.ts";
import type { Columns } from "../shared/domain/value.ts";

/** The same numbers each run (mulberry32): a ratio must not depend on luck. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const TABLES = ["incident", "incident", "salesorder", "opportunity"] as const;
const WORDS = ["brake", "wheel", "frame", "light", "saddle", "chain", "pedal", "gear"] as const;
/** How many triggers share one product or owner: big catalogues are big because there is more to sell and to look after. */
const TRIGGERS_PER_VALUE = 20;

export function idOf(kind: number, number: number): string {
  return `${kind.toString(16).padStart(8, "0")}-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}

/**
 * A catalogue such as authors make: half of it on cases. Most triggers ask for a status and for one product or owner,
 * some for old values, some for words in the title, one in a hundred for nothing that an index could look up.
 */
export function catalogue(size: number): RecordTrigger[] {
  const random = randomFrom(1);
  const values = Math.ceil(size / TRIGGERS_PER_VALUE);
  return Array.from({ length: size }, (_, number): RecordTrigger => {
    const { columns, of } = question(random(100), random, values);
    return {
      kind: "record",
      slug: `trigger-${number}`,
      name: `Trigger ${number}`,
      table: TABLES[number % TABLES.length] ?? "incident",
      audience: [{ column: "customerid", table: "contact" }],
      created: false,
      deleted: false,
      updated: { columns, onlyWhenChanged: true },
      condition: { kind: "all", of },
    };
  });
}

function question(
  percent: number,
  random: (below: number) => number,
  values: number,
): { columns: string[]; of: Condition[] } {
  const compare = (
    field: string,
    op: "eq" | "changed-to" | "changed-from" | "contains" | "gt",
    value: string | number,
  ): Condition => ({
    kind: "compare",
    field,
    op,
    value,
  });
  const product = compare("event.productid", "eq", idOf(1, random(values)));
  const owner = compare("event.ownerid", "eq", idOf(2, random(values)));
  const word = compare("event.title", "contains", WORDS[random(WORDS.length)] ?? "brake");
  if (percent < 50)
    return { columns: ["statecode"], of: [compare("event.statecode", "changed-to", random(3)), product] };
  if (percent < 75) return { columns: ["statuscode"], of: [compare("event.statuscode", "eq", 1 + random(6)), owner] };
  if (percent < 90)
    return {
      columns: ["statecode", "statuscode"],
      of: [compare("event.statuscode", "changed-from", random(6)), owner, word],
    };
  if (percent < 99)
    return { columns: ["prioritycode"], of: [compare("event.prioritycode", "changed-to", 1 + random(3)), word] };
  return { columns: ["statecode"], of: [word, compare("event.escalations", "gt", random(5))] };
}

/** Cases being resolved, reopened or put on hold: what a webhook receives all day. */
export function changes(count: number, catalogueSize: number): Change[] {
  const random = randomFrom(2);
  const values = Math.ceil(catalogueSize / TRIGGERS_PER_VALUE);
  return Array.from({ length: count }, (_, number): Change => {
    const shared: Columns = {
      productid: { table: "product", id: idOf(1, random(values)), name: "Product" },
      ownerid: { table: "systemuser", id: idOf(2, random(values)), name: "Owner" },
      customerid: { table: "contact", id: idOf(3, number), name: "Camille" },
      title: `The ${WORDS[random(WORDS.length)]} makes a noise since Monday`,
      prioritycode: 2,
      escalations: random(5),
      modifiedby: { table: "systemuser", id: idOf(8, 1), name: null },
      modifiedon: "2026-03-01T09:00:00.000Z",
    };
    return {
      id: `${idOf(4, 1)}:${idOf(5, number)}:${idOf(6, number)}`,
      organization: idOf(7, 1),
      table: "incident",
      record: idOf(6, number),
      message: "update",
      written: ["incidentid", "statecode", "statuscode", "modifiedon", "modifiedby", "modifiedonbehalfby"],
      before: { ...shared, statecode: random(2), statuscode: 1 + random(3) },
      after: { ...shared, statecode: random(3), statuscode: 1 + random(6), modifiedonbehalfby: null },
      at: "2026-03-01T09:00:00.000Z",
      by: idOf(8, 1),
      initiatedBy: idOf(8, 1),
      depth: 1,
      tag: null,
      oversize: false,
    };
  });
}
