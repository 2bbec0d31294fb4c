import { z } from "zod";
import { ParcoursError } from "../../errors.ts";
import type { Dataverse, RowAsked, RowsOf } from "../../ports/dataverse.ts";
import { type RowAnswer, rowAnswer, rowsAnswer } from "./answers.ts";
import { type Get, getBatch, partsOf } from "./get-batch.ts";
import type { Metadata } from "./metadata.ts";
import { readAnswer, type Send } from "./requests.ts";
import { filterOf } from "./row-filter.ts";
import { columnsOf, selectedOf } from "./row-values.ts";
import type { Turns } from "./turns.ts";

/** Dataverse makes a batch's reads one after the other: a longer one would keep its askers waiting. */
const MOST_TOGETHER = 60;
const PREFER = { prefer: 'odata.include-annotations="*"' };

type Answered = RowAnswer | readonly RowAnswer[] | "missing" | ParcoursError;

/** Reads that wait for their turn; whoever asks meanwhile joins them. */
interface Bundle {
  readonly gets: Map<string, Get & { readonly kind: "row" | "rows" }>;
  readonly answers: Promise<ReadonlyMap<string, Answered>>;
}

/** Rows, and numbers of rows, of everybody who asks at the same time: one request, however many they are. */
export function looks(root: string, send: Send, metadata: Metadata, turns: Turns): Dataverse["look"] {
  let waiting: Bundle | undefined;

  return async ({ rows, counts }) => {
    const asked = await Promise.all([
      ...rows.map(async (row) => ({ ...PREFER_GET, kind: "row" as const, path: await rowPath(row) })),
      ...counts.map(async (each) => ({ ...PLAIN_GET, kind: "rows" as const, path: await countPath(each) })),
    ]);
    if (asked.length === 0) return { rows: [], counts: [] };
    const bundle = waiting !== undefined && waiting.gets.size + asked.length <= MOST_TOGETHER ? waiting : begin();
    for (const get of asked) bundle.gets.set(get.path, get);
    const answers = await bundle.answers;
    const found = asked.map(({ path }) => {
      const answer = answers.get(path) ?? "missing";
      if (answer instanceof ParcoursError) throw answer;
      return answer;
    });
    return {
      rows: await Promise.all(rows.map((row, at) => rowOf(row, found[at]))),
      counts: counts.map((each, at) => countOf(each, found[rows.length + at])),
    };
  };

  function begin(): Bundle {
    const gets: Bundle["gets"] = new Map();
    const answers = tickOver().then(() =>
      turns.take(() => {
        if (waiting?.gets === gets) waiting = undefined;
        return answersTo([...gets.values()]);
      }),
    );
    waiting = { gets, answers };
    return waiting;
  }

  async function answersTo(gets: readonly (Get & { readonly kind: "row" | "rows" })[]) {
    const [only] = gets;
    if (only !== undefined && gets.length === 1)
      return new Map([[only.path, await single(() => send({ method: "GET", ...only }, schemaOf(only.kind)))]]);
    const text = await send(getBatch(root, gets), z.string());
    const parts = text === "missing" ? [] : partsOf(text);
    const read = gets.map(async (get, at): Promise<[string, Answered]> => {
      const part = parts[at];
      if (part === undefined)
        return [get.path, new ParcoursError("DATAVERSE_UNAVAILABLE", "Dataverse left a read of a batch unanswered")];
      return [get.path, await single(async () => readAnswer(part, { method: "GET", ...get }, schemaOf(get.kind)))];
    });
    return new Map(await Promise.all(read));
  }

  async function rowPath({ table, id, columns }: RowAsked): Promise<string> {
    const shape = await metadata.shape(table, columns);
    return `${shape.set}(${encodeURIComponent(id)})?$select=${encodeURIComponent(selectedOf(columns, shape))}`;
  }

  async function countPath(asked: RowsOf): Promise<string> {
    const columns = asked.where.map(({ column }) => column);
    const shape = await metadata.shape(asked.table, [asked.lookup, ...columns]);
    const dated = columns.some((column) => shape.columns.get(column) === "moment");
    const days = dated ? await metadata.days(asked.table) : new Set<string>();
    const filter = encodeURIComponent(filterOf(asked, shape, days));
    return `${shape.set}?$select=${shape.id}&$filter=${filter}&$top=${asked.most}`;
  }

  async function rowOf({ table, columns }: RowAsked, answer: Answered | undefined) {
    if (answer === undefined || answer === "missing" || Array.isArray(answer)) return undefined;
    return columnsOf(answer as RowAnswer, columns, await metadata.shape(table, columns));
  }
}

/** Whoever asks now has asked then, by however many promises his question comes. */
function tickOver(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const PREFER_GET = { headers: PREFER };
const PLAIN_GET = { headers: {} };

function schemaOf(kind: "row" | "rows"): z.ZodType<RowAnswer | readonly RowAnswer[]> {
  return kind === "row" ? rowAnswer : rowsAnswer.transform(({ value }) => value);
}

function countOf({ table }: RowsOf, answer: Answered | undefined): number {
  if (Array.isArray(answer)) return answer.length;
  throw new ParcoursError("DATAVERSE_REFUSED", `the organisation has no rows of ${table}`);
}

/** One asker's refusal is not the others': it is an answer of its own. */
async function single(read: () => Promise<RowAnswer | readonly RowAnswer[] | "missing">): Promise<Answered> {
  try {
    return await read();
  } catch (fault) {
    if (fault instanceof ParcoursError) return fault;
    throw fault;
  }
}
