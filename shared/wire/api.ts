import { z } from "zod";
import { slug } from "../domain/value.ts";

/** What is wrong, where, and how to mend it. */
export const problem = z.object({ problem: z.string(), at: z.string().optional() }).meta({ id: "Problem" });
export const problems = z.union([problem, z.object({ problems: z.array(problem) })]).meta({ id: "Problems" });

export const listed = z
  .object({
    slug,
    name: z.string(),
    published: z.number().nullable(),
    stopped: z.boolean().optional(),
    updatedAt: z.string(),
  })
  .meta({ id: "Listed" });

export const stored = z
  .object({ document: z.unknown(), published: z.number().nullable().optional() })
  .meta({ id: "Stored" });

/** What an operator asks of one run. */
export const command = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("stop") }),
  z.strictObject({ kind: z.literal("pause") }),
  z.strictObject({ kind: z.literal("resume") }),
  z.strictObject({ kind: z.literal("move"), step: slug }),
  z.strictObject({ kind: z.literal("migrate"), version: z.int().positive(), steps: z.record(slug, slug).default({}) }),
]);

/** What shall stand over a whole journey. Without `migrate`, a migration that was asked before goes on. */
export const gateChange = z.strictObject({
  state: z.enum(["open", "paused", "stopped"]),
  migrate: z
    .strictObject({ version: z.int().positive(), steps: z.record(slug, slug).default({}) })
    .nullable()
    .optional(),
});

/** Whose entries into a journey are forgotten. */
export const entryReset = z.strictObject({
  member: z.string().regex(/^(contact|lead):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "contact:<id> or lead:<id>"),
});

/** A journey as a query names it. */
export const journeySlug = slug;
export const bucket = z.enum(["live", "held", "goal", "exit", "completed", "stopped"]);
export const parkedKind = z.enum(["malformed", "foreign", "permanent", "transient", "unknown"]);
export const codes = z.strictObject({ codes: z.array(z.string().min(1).max(100)).min(1).max(10_000) });

/** Who did what to what; `next` asks for what was before. */
export const auditPage = z
  .object({
    entries: z.array(
      z.object({
        at: z.string(),
        by: z.object({ id: z.string(), name: z.string() }),
        action: z.string(),
        subject: z.string(),
      }),
    ),
    next: z.string().nullable(),
  })
  .meta({ id: "Audit" });
export type AuditPage = z.infer<typeof auditPage>;
