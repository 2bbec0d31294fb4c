import { z } from "zod";

/** What we read of the Web API's answers; everything else in them is left unread. */

export const rowAnswer = z.record(z.string(), z.unknown());
export type RowAnswer = z.infer<typeof rowAnswer>;

export const tableAnswer = z.object({ EntitySetName: z.string(), PrimaryIdAttribute: z.string() });

export const columnsAnswer = z.object({
  value: z.array(
    z.object({
      LogicalName: z.string(),
      AttributeType: z.string().nullish(),
      /** Tells what `AttributeType` only calls Virtual: `MultiSelectPicklistType`. */
      AttributeTypeName: z.object({ Value: z.string() }).nullish(),
    }),
  ),
});

export const relationsAnswer = z.object({
  value: z.array(
    z.object({
      ReferencingAttribute: z.string(),
      ReferencedEntity: z.string(),
      ReferencingEntityNavigationPropertyName: z.string(),
    }),
  ),
});

export const label = z.object({
  LocalizedLabels: z.array(z.object({ Label: z.string(), LanguageCode: z.number() })).default([]),
  UserLocalizedLabel: z.object({ Label: z.string() }).nullish(),
});
export type Label = z.infer<typeof label>;

/** A status names the state that it belongs to. */
const option = z.object({ Value: z.number(), Label: label, State: z.number().nullish() });

export const optionSet = z.object({
  Options: z.array(option).nullish(),
  TrueOption: option.nullish(),
  FalseOption: option.nullish(),
});

export const optionsAnswer = z.object({
  value: z.array(
    z.object({ LogicalName: z.string(), OptionSet: optionSet.nullish(), GlobalOptionSet: optionSet.nullish() }),
  ),
});

export const rowsAnswer = z.object({ value: z.array(rowAnswer) });

export const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
