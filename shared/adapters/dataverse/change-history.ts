import { z } from "zod";
import type { Message } from "../../domain/change.ts";
import type { Audited, NotKept } from "../../domain/history.ts";
import { ParcoursError } from "../../errors.ts";
import type { ChangeHistory, History } from "../../ports/change-history.ts";
import { type RowAnswer, rowAnswer } from "./answers.ts";
import { getBatch, partsOf } from "./get-batch.ts";
import { Metadata, type TableShape } from "./metadata.ts";
import { readAnswer, type Send } from "./requests.ts";
import { columnsOf } from "./row-values.ts";

const DETAILS_AT_ONCE = 100;
const RECORDS_AT_ONCE = 40;
const DAY_MS = 86_400_000;
const MESSAGES: Readonly<Record<number, Message>> = { 1: "create", 2: "update", 3: "delete" };
const ANNOTATED = { prefer: 'odata.include-annotations="*"' };

const organisations = z.object({
  value: z.array(z.object({ isauditenabled: z.boolean().nullish(), auditretentionperiodv2: z.number().nullish() })),
});
const enabled = z.object({ Value: z.boolean() }).nullish();
const tableAnswer = z.object({ IsAuditEnabled: enabled });
const columnsAnswer = z.object({ value: z.array(z.object({ LogicalName: z.string(), IsAuditEnabled: enabled })) });
const auditsAnswer = z.object({
  value: z.array(
    z.object({
      auditid: z.string(),
      createdon: z.string(),
      operation: z.number(),
      _objectid_value: z.string().nullish(),
      _userid_value: z.string().nullish(),
      _callinguserid_value: z.string().nullish(),
    }),
  ),
});
type AuditAnswer = z.infer<typeof auditsAnswer>["value"][number];
/** Other kinds of details, such as of sharing, have no values. */
const detailsAnswer = z.object({
  AuditDetail: z.object({ OldValue: rowAnswer.nullish(), NewValue: rowAnswer.nullish() }).loose(),
});

export interface HistoryOptions {
  readonly send: Send;
  /** The Web API's root. */
  readonly url: string;
  readonly now: () => number;
}

/**
 * What the table `audit` remembers: the changes by a query of it, what each replaced and by what by RetrieveAuditDetails
 * (learn.microsoft.com/power-apps/developer/data-platform/auditing/retrieve-audit-data: needs prvReadAuditSummary and
 * prvReadRecordAuditHistory). RetrieveRecordChangeHistory would tell a whole record's in one answer, but by the
 * documentation not when each was.
 */
export function dataverseChangeHistory({ send, url, now }: HistoryOptions): ChangeHistory {
  const metadata = new Metadata(send, now);
  const root = url.replace(/\/+$/, "");

  async function settings(table: string) {
    const at = `EntityDefinitions(LogicalName='${encodeURIComponent(table)}')`;
    const [organisation, ofTable] = await Promise.all([
      send(
        { method: "GET", path: "organizations?$select=isauditenabled,auditretentionperiodv2&$top=1" },
        organisations,
      ),
      send({ method: "GET", path: `${at}?$select=IsAuditEnabled` }, tableAnswer),
    ]);
    const [first] = organisation === "missing" ? [] : organisation.value;
    if (first?.isauditenabled !== true) return "auditing-off";
    if (ofTable === "missing" || ofTable.IsAuditEnabled?.Value !== true) return "table-not-audited";
    const path = `${at}/Attributes?$select=LogicalName,IsAuditEnabled`;
    const columns = await send({ method: "GET", path }, columnsAnswer);
    const all = columns === "missing" ? [] : columns.value;
    const off = all
      .filter(({ IsAuditEnabled }) => IsAuditEnabled?.Value === false)
      .map(({ LogicalName }) => LogicalName);
    return { kept: first.auditretentionperiodv2 ?? -1, unaudited: new Set(off) };
  }

  async function audits(table: string, since: string, most: number, records?: readonly string[]) {
    const ofRecords = records?.map((id) => `_objectid_value eq ${id}`).join(" or ");
    const filter = [
      `objecttypecode eq '${table}'`,
      `createdon ge ${since}`,
      "operation le 3",
      ...(ofRecords === undefined ? [] : [`(${ofRecords})`]),
    ].join(" and ");
    const select = "auditid,createdon,operation,_objectid_value,_userid_value,_callinguserid_value";
    const order = encodeURIComponent("createdon desc");
    const path = `audits?$select=${select}&$filter=${encodeURIComponent(filter)}&$orderby=${order}&$top=${most}`;
    const answer = await send({ method: "GET", path }, auditsAnswer);
    return answer === "missing" ? [] : answer.value;
  }

  async function detailed(table: string, found: readonly AuditAnswer[]): Promise<Audited[]> {
    if (found.length === 0) return [];
    const shape = await metadata.shape(table);
    const gets = found.map(({ auditid }) => ({
      path: `audits(${auditid})/Microsoft.Dynamics.CRM.RetrieveAuditDetails`,
      headers: ANNOTATED,
    }));
    const text = await send(getBatch(root, gets), z.string());
    const parts = text === "missing" ? [] : partsOf(text);
    return found.flatMap((audit, n) => {
      const [part, get] = [parts[n], gets[n]];
      if (part === undefined || get === undefined)
        throw new ParcoursError("DATAVERSE_UNAVAILABLE", "Dataverse left a read of a batch unanswered");
      const details = readAnswer(part, { method: "GET", ...get }, detailsAnswer);
      // Deleted since it was listed.
      return details === "missing" ? [] : changeOf(audit, details.AuditDetail, shape);
    });
  }

  async function read(table: string, { since, most, records }: Parameters<ChangeHistory["read"]>[1]): Promise<History> {
    const known = await settings(table);
    if (typeof known === "string") return { kind: "not-kept", why: known };
    const asked = records === undefined ? [undefined] : parts(records, RECORDS_AT_ONCE);
    const found = (await Promise.all(asked.map((part) => audits(table, since, most, part)))).flat();
    const changes: Audited[] = [];
    for (const part of parts(found, DETAILS_AT_ONCE)) changes.push(...(await detailed(table, part)));
    const limit = known.kept < 0 ? null : new Date(now() - known.kept * DAY_MS).toISOString();
    return { kind: "kept", changes, more: found.length >= most, since: limit, unaudited: known.unaudited };
  }

  return {
    async read(table, ask) {
      try {
        return await read(table, ask);
      } catch (fault) {
        const why = lackOf(fault);
        if (why === undefined) throw fault;
        return { kind: "not-kept", why };
      }
    },
  };
}

/** Auditing is optional, and so are the privileges to read it: without them there are the rows as they are now. */
function lackOf(fault: unknown): NotKept | undefined {
  const refused = fault instanceof ParcoursError && fault.code === "DATAVERSE_REFUSED";
  return refused && /\b403\b|privilege/i.test(fault.message) ? "not-allowed" : undefined;
}

function changeOf(
  audit: AuditAnswer,
  {
    OldValue,
    NewValue,
  }: { readonly OldValue?: RowAnswer | null | undefined; readonly NewValue?: RowAnswer | null | undefined },
  shape: TableShape,
): Audited[] {
  const message = MESSAGES[audit.operation];
  const record = audit._objectid_value?.toLowerCase();
  const before = OldValue ?? {};
  const after = NewValue ?? {};
  const columns = new Set([...columnsIn(before, shape), ...columnsIn(after, shape)]);
  if (message === undefined || record === undefined || columns.size === 0) return [];
  const by = audit._userid_value?.toLowerCase() ?? null;
  return [
    {
      ...{ record, message, by, initiatedBy: audit._callinguserid_value?.toLowerCase() ?? by },
      at: new Date(Date.parse(audit.createdon)).toISOString(),
      before: columnsOf(before, columns, shape),
      after: columnsOf(after, columns, shape),
    },
  ];
}

/** A lookup stands there as its value, an annotation beside what it is about. */
function columnsIn(row: RowAnswer, shape: TableShape): string[] {
  return Object.keys(row).flatMap((property) => {
    if (property.includes("@")) return [];
    const column = /^_(.+)_value$/.exec(property)?.[1] ?? property;
    return shape.columns.has(column) ? [column] : [];
  });
}

function parts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}
