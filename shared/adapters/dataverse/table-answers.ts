import { z } from "zod";
import { label, optionSet } from "./answers.ts";

/** What we read of the metadata that the trigger's page shows. Real answers leave much out or null. */

export const tablesAnswer = z.object({
  value: z.array(
    z.object({
      LogicalName: z.string(),
      DisplayName: label.nullish(),
      PrimaryNameAttribute: z.string().nullish(),
      IsCustomEntity: z.boolean().nullish(),
      IsIntersect: z.boolean().nullish(),
      IsPrivate: z.boolean().nullish(),
      IsLogicalEntity: z.boolean().nullish(),
      IsValidForAdvancedFind: z.boolean().nullish(),
    }),
  ),
});
export type TableAnswer = z.infer<typeof tablesAnswer>["value"][number];

const column = z.object({
  LogicalName: z.string(),
  DisplayName: label.nullish(),
  AttributeType: z.string().nullish(),
  AttributeTypeName: z.object({ Value: z.string() }).nullish(),
  /** Set on shadows of another column, such as a choice's name. */
  AttributeOf: z.string().nullish(),
  IsCustomAttribute: z.boolean().nullish(),
  IsValidForRead: z.boolean().nullish(),
  IsValidForUpdate: z.boolean().nullish(),
});
export type ColumnAnswer = z.infer<typeof column>;

export const describedColumnsAnswer = z.object({ value: z.array(column) });

export const choicesAnswer = z.object({
  value: z.array(
    z.object({ LogicalName: z.string(), OptionSet: optionSet.nullish(), GlobalOptionSet: optionSet.nullish() }),
  ),
});

export const targetsAnswer = z.object({
  value: z.array(column.extend({ Targets: z.array(z.string()).nullish() })),
});

export const datesAnswer = z.object({
  value: z.array(z.object({ LogicalName: z.string(), DateTimeBehavior: z.object({ Value: z.string() }).nullish() })),
});

export const relationshipsAnswer = z.object({
  value: z.array(
    z.object({ ReferencingEntity: z.string(), ReferencingAttribute: z.string(), ReferencedEntity: z.string() }),
  ),
});
