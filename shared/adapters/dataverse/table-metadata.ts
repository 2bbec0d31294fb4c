import type { z } from "zod";
import {
  type ColumnInfo,
  isPersonTable,
  PERSON_TABLES,
  type TableInfo,
  type TableLine,
} from "../../domain/metadata.ts";
import { ParcoursError } from "../../errors.ts";
import type { Metadata, PersonLookup } from "../../ports/metadata.ts";
import { choicesOf, columnOf, isShown, lineOf } from "./column-info.ts";
import { KeptAnswers } from "./kept-answers.ts";
import type { Send } from "./requests.ts";
import {
  choicesAnswer,
  datesAnswer,
  describedColumnsAnswer,
  relationshipsAnswer,
  tablesAnswer,
  targetsAnswer,
} from "./table-answers.ts";

const LIFETIME = 10 * 60_000;
/** A table that we don't know yet may be new: asked for again, but not at each key that somebody presses. */
const SOON = 5_000;

const TABLE =
  "LogicalName,DisplayName,PrimaryNameAttribute,IsCustomEntity,IsIntersect,IsPrivate,IsLogicalEntity,IsValidForAdvancedFind";
const COLUMN =
  "LogicalName,DisplayName,AttributeType,AttributeTypeName,AttributeOf,IsCustomAttribute,IsValidForRead,IsValidForUpdate";
const CHOICES = ["Picklist", "State", "Status", "MultiSelectPicklist", "Boolean"] as const;

/**
 * An organisation's tables as authors see them. One query for all tables, eight for a table (one for each type that
 * has more to say, never one for each column), one for all lookups to people.
 */
export function dataverseMetadata(send: Send, now: () => number): Metadata {
  const lists = new KeptAnswers<readonly TableLine[]>(now, LIFETIME);
  const tables = new KeptAnswers<readonly ColumnInfo[]>(now, LIFETIME);
  const lookups = new KeptAnswers<readonly ColumnInfo[]>(now, LIFETIME);
  const children = new KeptAnswers<Awaited<ReturnType<Metadata["lookupsTo"]>>>(now, LIFETIME);
  const people = new KeptAnswers<readonly PersonLookup[]>(now, LIFETIME);

  const all = (atMost: number) => lists.get("", askTables, atMost);

  async function lineOfTable(name: string, fresh: boolean): Promise<TableLine | undefined> {
    const named = (lines: readonly TableLine[]) => lines.find((line) => line.table === name);
    return named(await all(fresh ? 0 : LIFETIME)) ?? (fresh ? undefined : named(await all(SOON)));
  }

  async function askTables(): Promise<readonly TableLine[]> {
    const { value } = await ask(`EntityDefinitions?$select=${TABLE}`, tablesAnswer);
    return value.map(lineOf);
  }

  async function askColumns(table: string): Promise<readonly ColumnInfo[]> {
    const at = `EntityDefinitions(LogicalName='${encodeURIComponent(table)}')/Attributes`;
    const cast = (type: string) => `${at}/Microsoft.Dynamics.CRM.${type}AttributeMetadata`;
    const [columns, targets, dates, ...choices] = await Promise.all([
      ask(`${at}?$select=${COLUMN}`, describedColumnsAnswer),
      ask(`${cast("Lookup")}?$select=LogicalName,Targets`, targetsAnswer),
      ask(`${cast("DateTime")}?$select=LogicalName,DateTimeBehavior`, datesAnswer),
      ...CHOICES.map((type) =>
        ask(`${cast(type)}?$select=LogicalName&$expand=OptionSet,GlobalOptionSet`, choicesAnswer),
      ),
    ]);
    const more = {
      targets: new Map(targets.value.map((each) => [each.LogicalName, each.Targets ?? []])),
      days: new Set(
        dates.value.flatMap((each) => (each.DateTimeBehavior?.Value === "DateOnly" ? each.LogicalName : [])),
      ),
      options: new Map(choices.flatMap(({ value }) => value).map((each) => [each.LogicalName, choicesOf(each)])),
    };
    return columns.value.filter(isShown).map((column) => columnOf(column, more));
  }

  async function askLookups(table: string): Promise<readonly ColumnInfo[]> {
    const at = `EntityDefinitions(LogicalName='${encodeURIComponent(table)}')/Attributes`;
    const { value } = await ask(
      `${at}/Microsoft.Dynamics.CRM.LookupAttributeMetadata?$select=${COLUMN},Targets`,
      targetsAnswer,
    );
    const targets = new Map(value.map((each) => [each.LogicalName, each.Targets ?? []]));
    return value.filter(isShown).map((column) => columnOf(column, { targets, days: new Set(), options: new Map() }));
  }

  async function askPeople(): Promise<readonly PersonLookup[]> {
    const filter = PERSON_TABLES.map((table) => `ReferencedEntity eq '${table}'`).join(" or ");
    const { value } = await ask(
      `RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata?$select=ReferencingEntity,ReferencingAttribute,ReferencedEntity&$filter=${encodeURIComponent(filter)}`,
      relationshipsAnswer,
    );
    return value.flatMap(({ ReferencingEntity: table, ReferencingAttribute: column, ReferencedEntity: to }) =>
      isPersonTable(to) ? [{ table, column, to }] : [],
    );
  }

  async function askLookupsTo(table: string) {
    const filter = encodeURIComponent(`ReferencedEntity eq '${table.replaceAll("'", "''")}'`);
    const { value } = await ask(
      `RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata?$select=ReferencingEntity,ReferencingAttribute,ReferencedEntity&$filter=${filter}`,
      relationshipsAnswer,
    );
    return value.map(({ ReferencingEntity, ReferencingAttribute }) => ({
      table: ReferencingEntity,
      column: ReferencingAttribute,
    }));
  }

  async function ask<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const answer = await send({ method: "GET", path }, schema);
    if (answer === "missing") throw new ParcoursError("DATAVERSE_REFUSED", `the organisation has no ${path}`);
    return answer;
  }

  return {
    tables: (fresh = false) => all(fresh ? 0 : LIFETIME),
    async table(name, fresh = false): Promise<TableInfo | undefined> {
      const line = await lineOfTable(name, fresh);
      return line && { ...line, columns: await tables.get(name, () => askColumns(name), fresh ? 0 : LIFETIME) };
    },
    lookups: (name) => lookups.get(name, () => askLookups(name)),
    lookupsTo: (name) => children.get(name, () => askLookupsTo(name)),
    personLookups: () => people.get("", askPeople),
  };
}
