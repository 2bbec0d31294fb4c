import { z } from "zod";
import { recordTrigger } from "../domain/trigger.ts";
import { fieldValue, logicalName } from "../domain/value.ts";

export const exampleAsked = z
  .strictObject({
    table: logicalName,
    /** Whoever will do it: `systemuserid`, the name to sign in with, or the address; whoever asks if absent. */
    user: z.string().trim().min(1).max(320).optional(),
  })
  .meta({ id: "ExampleAsked" });

export const exampleStarted = z
  .object({ id: z.string(), table: logicalName, user: z.string(), since: z.string(), until: z.string() })
  .meta({ id: "ExampleStarted" });

const columnChange = z.object({
  column: logicalName,
  label: z.string(),
  from: fieldValue,
  to: fieldValue,
  fromShown: z.string().nullable(),
  toShown: z.string().nullable(),
});

export const exampleShown = z
  .object({
    ...exampleStarted.shape,
    seen: z.array(
      z.object({
        id: z.string(),
        record: z.string(),
        name: z.string().nullable(),
        message: z.enum(["create", "update", "delete"]),
        at: z.string(),
        depth: z.number(),
        oversize: z.boolean(),
        columns: z.array(columnChange),
      }),
    ),
    proposal: z
      .object({
        trigger: recordTrigger.omit({ slug: true, name: true }),
        columns: z.array(columnChange.extend({ part: z.enum(["taken", "with-state", "by-product"]) })),
      })
      .nullable(),
  })
  .meta({ id: "Example" });
