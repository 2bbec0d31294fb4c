import { z } from "zod";
import { fieldValue, logicalName, slug, timeZone } from "../domain/value.ts";

/** What the trigger's page asks and is answered, for readers of the API. */

/** In which time zone moments are told. */
export const zoneAsked = z.object({ timeZone });

export const tableOffers = z
  .array(
    z.object({
      table: logicalName,
      label: z.string(),
      custom: z.boolean(),
      group: z.enum(["used", "standard", "custom", "other", "system"]),
    }),
  )
  .meta({ id: "TableOffers" });

export const tableShown = z
  .object({
    table: logicalName,
    label: z.string(),
    custom: z.boolean(),
    columns: z.array(
      z.object({
        column: logicalName,
        label: z.string(),
        type: z.string(),
        custom: z.boolean(),
        writable: z.boolean(),
        options: z.array(z.object({ value: z.number(), label: z.string(), state: z.number().nullable() })),
        targets: z.array(logicalName),
        operators: z.array(z.string()),
        rowOperators: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: "Table" });

/** Tables whose rows lead to rows of one: what conditions may count. */
export const childOffers = z.object({
  children: z.array(z.object({ table: logicalName, label: z.string(), lookup: logicalName, custom: z.boolean() })),
});

const coverage = z
  .object({
    reached: z.number(),
    "no-address": z.number(),
    inactive: z.number(),
    "no-primary-contact": z.number(),
    nobody: z.number(),
    merged: z.number(),
  })
  .meta({ id: "Coverage" });

const way = z.object({
  column: z.string(),
  table: z.enum(["contact", "lead", "account"]),
  through: z.object({ table: logicalName, column: logicalName }).optional(),
});

export const proposedAudience = z
  .object({
    table: logicalName,
    rows: z.number(),
    proposal: z.object({ audience: z.array(way), coverage }),
    ways: z.array(z.object({ name: z.string(), way, label: z.string(), proposed: z.boolean(), coverage })),
  })
  .meta({ id: "ProposedAudience" });

export const coveredRows = z
  .object({
    way: z.string(),
    rows: z.array(
      z.object({
        id: z.string(),
        name: z.string().nullable(),
        outcome: z.enum(["reached", "no-address", "inactive", "no-primary-contact", "nobody"]),
        merged: z.boolean(),
        member: z.string().nullable(),
        person: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "CoveredRows" });

export const triggerUses = z
  .array(
    z.object({
      journey: slug,
      name: z.string(),
      version: z.union([z.number(), z.literal("draft")]),
      current: z.boolean(),
      where: z.array(
        z.object({
          as: z.enum(["entry", "goal", "exit", "wait", "condition", "template"]),
          at: z.string().nullable(),
          columns: z.array(z.string()),
        }),
      ),
    }),
  )
  .meta({ id: "TriggerUses" });

export const triggerState = z
  .object({
    phase: z.enum(["draft", "ready", "stopped"]),
    revision: z.number().nullable(),
    since: z.string().nullable(),
    edited: z.boolean(),
    registered: z.enum(["yes", "not-yet", "drifted", "by-hand", "unknown"]).nullable(),
    differences: z.array(
      z.object({ at: z.string(), difference: z.string(), by: z.string().nullable(), since: z.string().nullable() }),
    ),
    lastSeen: z.string().nullable(),
    lastFired: z.string().nullable(),
    failing: z.object({ kind: z.string(), problem: z.string() }).nullable(),
  })
  .meta({ id: "TriggerState" });

export const triggerLog = z
  .object({
    since: z.string().nullable(),
    fired: z.array(
      z.object({
        id: z.string(),
        at: z.string(),
        record: z.string().nullable(),
        message: z.enum(["create", "update", "delete"]).nullable(),
        woken: z.number(),
        entries: z.array(z.object({ journey: slug, outcome: z.string() })),
      }),
    ),
  })
  .meta({ id: "TriggerLog" });

export const sampleRow = z
  .object({
    table: logicalName,
    row: z.string(),
    name: z.string().nullable(),
    columns: z.array(
      z.object({ column: logicalName, label: z.string(), type: z.string(), value: fieldValue, shown: z.string() }),
    ),
  })
  .meta({ id: "SampleRow" });

/** A trigger in words; the parts that it does not have are null. */
export const triggerWords = z.object({
  when: z.string(),
  condition: z.string().nullable(),
  who: z.string().nullable(),
});
