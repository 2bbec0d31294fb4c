import { ParcoursError } from "../../errors.ts";
import { columnsAnswer, optionsAnswer, relationsAnswer, tableAnswer } from "./answers.ts";
import { KeptAnswers } from "./kept-answers.ts";
import { labelIn, type OptionLabels, optionLabels } from "./option-labels.ts";
import type { Send } from "./requests.ts";
import { datesAnswer } from "./table-answers.ts";

/** How a column crosses the wire, as far as it is not plain JSON. */
export type ColumnKind = "lookup" | "options" | "moment" | "id" | "plain";

export interface TableShape {
  readonly set: string;
  /** The column of its rows' ids. */
  readonly id: string;
  readonly columns: ReadonlyMap<string, ColumnKind>;
}

/** Navigation properties of a lookup by the table that it leads to. */
export type Navigations = ReadonlyMap<string, ReadonlyMap<string, string>>;

const LIFETIME = 10 * 60_000;
/** A column that we don't know yet may be new: asked for again, but not at each read. */
const SOON = 30_000;

const OPTION_CASTS = ["Picklist", "State", "Status", "MultiSelectPicklist", "Boolean"] as const;

/** What the organisation says about its tables, kept for ten minutes. Two queries a table, one more to write lookups. */
export class Metadata {
  readonly #send: Send;
  readonly #shapes: KeptAnswers<TableShape>;
  readonly #navigations: KeptAnswers<Navigations>;
  readonly #labels: KeptAnswers<OptionLabels>;
  readonly #days: KeptAnswers<ReadonlySet<string>>;

  constructor(send: Send, now: () => number) {
    this.#send = send;
    this.#shapes = new KeptAnswers(now, LIFETIME);
    this.#navigations = new KeptAnswers(now, LIFETIME);
    this.#labels = new KeptAnswers(now, LIFETIME);
    this.#days = new KeptAnswers(now, LIFETIME);
  }

  /** The table, with these columns if it has them at all. */
  async shape(table: string, columns: readonly string[] = []): Promise<TableShape> {
    const known = await this.#shapes.get(table, () => this.#askShape(table));
    if (columns.every((column) => known.columns.has(column))) return known;
    return this.#shapes.get(table, () => this.#askShape(table), SOON);
  }

  navigations(table: string): Promise<Navigations> {
    return this.#navigations.get(table, () => this.#askNavigations(table));
  }

  /** Columns of dates without a time. */
  days(table: string): Promise<ReadonlySet<string>> {
    return this.#days.get(table, () => this.#askDays(table));
  }

  /** Column → number → label. All languages come in one answer, so one is kept for all. */
  async labels(table: string, language: string): Promise<Record<string, Record<string, string>>> {
    return labelIn(await this.#labels.get(table, () => this.#askLabels(table)), language);
  }

  async #askShape(table: string): Promise<TableShape> {
    const at = pathOf(table);
    const [said, columns] = await Promise.all([
      this.#send({ method: "GET", path: `${at}?$select=EntitySetName,PrimaryIdAttribute` }, tableAnswer),
      this.#send(
        { method: "GET", path: `${at}/Attributes?$select=LogicalName,AttributeType,AttributeTypeName` },
        columnsAnswer,
      ),
    ]);
    if (said === "missing" || columns === "missing") throw unknownTable(table);
    return {
      set: said.EntitySetName,
      id: said.PrimaryIdAttribute,
      columns: new Map(
        columns.value.map((each) => [each.LogicalName, kindOf(each.AttributeType, each.AttributeTypeName?.Value)]),
      ),
    };
  }

  async #askNavigations(table: string): Promise<Navigations> {
    const select = "ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName";
    const path = `${pathOf(table)}/ManyToOneRelationships?$select=${select}`;
    const said = await this.#send({ method: "GET", path }, relationsAnswer);
    if (said === "missing") throw unknownTable(table);
    const navigations = new Map<string, Map<string, string>>();
    for (const relation of said.value) {
      const targets = navigations.get(relation.ReferencingAttribute) ?? new Map<string, string>();
      targets.set(relation.ReferencedEntity, relation.ReferencingEntityNavigationPropertyName);
      navigations.set(relation.ReferencingAttribute, targets);
    }
    return navigations;
  }

  async #askDays(table: string): Promise<ReadonlySet<string>> {
    const select = "$select=LogicalName,DateTimeBehavior";
    const path = `${pathOf(table)}/Attributes/Microsoft.Dynamics.CRM.DateTimeAttributeMetadata?${select}`;
    const said = await this.#send({ method: "GET", path }, datesAnswer);
    if (said === "missing") throw unknownTable(table);
    return new Set(said.value.flatMap((each) => (each.DateTimeBehavior?.Value === "DateOnly" ? each.LogicalName : [])));
  }

  async #askLabels(table: string): Promise<OptionLabels> {
    // Options need a cast, one query for each type; one for each column would pass Dataverse's limits.
    const answers = await Promise.all(
      OPTION_CASTS.map((type) => {
        const cast = `Microsoft.Dynamics.CRM.${type}AttributeMetadata`;
        const path = `${pathOf(table)}/Attributes/${cast}?$select=LogicalName&$expand=OptionSet,GlobalOptionSet`;
        return this.#send({ method: "GET", path }, optionsAnswer);
      }),
    );
    return optionLabels(
      answers.flatMap((answer) => {
        if (answer === "missing") throw unknownTable(table);
        return answer.value;
      }),
    );
  }
}

function pathOf(table: string): string {
  return `EntityDefinitions(LogicalName='${encodeURIComponent(table)}')`;
}

function unknownTable(table: string): ParcoursError {
  return new ParcoursError("DATAVERSE_REFUSED", `the organisation has no table ${table}`);
}

function kindOf(type: string | null | undefined, name: string | undefined): ColumnKind {
  if (type === "Lookup" || type === "Customer" || type === "Owner") return "lookup";
  if (name === "MultiSelectPicklistType") return "options";
  if (type === "Uniqueidentifier") return "id";
  return type === "DateTime" ? "moment" : "plain";
}
