import { z } from "zod";
import { NOT_KEPT } from "../domain/history.ts";
import { slug, timeZone } from "../domain/value.ts";

const guid = z
  .string()
  .regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, "a row's id")
  .transform((id) => id.toLowerCase());

export const backtestAsked = z
  .strictObject({
    /** Days back from now. */
    days: z.int().min(1).max(365).default(30),
    /** IANA time zone whose days are counted. */
    timeZone,
  })
  .meta({ id: "BacktestAsked" });

export const backtested = z
  .object({
    /** The organisation's audit where it keeps one, else the rows as they are now; then also why. */
    from: z.enum(["audit", "current-rows"]),
    why: z.enum(NOT_KEPT).nullable(),
    days: z.number(),
    times: z.number(),
    people: z.number(),
    busiest: z.object({ day: z.string(), times: z.number() }).nullable(),
    doubts: z.array(z.string()),
    list: z.array(
      z.object({
        record: z.string(),
        name: z.string().nullable(),
        message: z.enum(["create", "update", "delete"]),
        at: z.string(),
        sure: z.boolean(),
        outcome: z.string(),
        member: z.string().nullable(),
        person: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "Backtest" });

const journey = slug.optional();

/**
 * Changes out of a backtest's list, records by their latest change, or every record's latest of the last days; into one
 * journey, or every one that the trigger enters.
 */
export const catchUpAsked = z
  .union([
    z.strictObject({
      changes: z
        .array(z.strictObject({ record: guid, at: z.iso.datetime() }))
        .min(1)
        .max(1_000),
      journey,
    }),
    z.strictObject({ records: z.array(guid).min(1).max(1_000), journey }),
    z.strictObject({ days: z.int().min(1).max(30), journey }),
  ])
  .meta({ id: "CatchUpAsked" });

export const caughtUp = z
  .object({ published: z.number(), passedOver: z.array(z.string()), complete: z.boolean() })
  .meta({ id: "CaughtUp" });
