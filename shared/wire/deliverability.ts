import { z } from "zod";

const record = z.object({ type: z.string(), name: z.string(), value: z.string() });

const check = z.object({
  what: z.string(),
  state: z.enum(["fine", "wrong", "waiting", "off", "not-measured"]),
  says: z.string(),
  /** To copy into the domain's zone; null where there is none to set. */
  record: record.nullable(),
  /** What DNS holds there now; null where it was not asked. */
  found: z.array(z.string()).nullable(),
});

export const deliverability = z
  .object({
    sender: z.string(),
    /** Null, with the reason, where nothing is known of the domain: never taken for "nothing is wrong". */
    domain: z.object({ name: z.string(), managedBy: z.enum(["azure", "you"]) }).nullable(),
    notMeasured: z.string().nullable(),
    checks: z.array(check),
    capacity: z.object({
      perMinute: z.number(),
      perHour: z.number(),
      /** Where the two limits come from: the provider tells nobody what they are. */
      basis: z.string(),
      takes: z.array(z.object({ mails: z.number(), minutes: z.number(), says: z.string() })),
    }),
  })
  .meta({ id: "Deliverability" });
export type Deliverability = z.infer<typeof deliverability>;

/** How many mails somebody plans, and limits that were raised. */
const count = z.coerce.number().int().positive().max(10_000_000);
export const deliverabilityAsked = z.object({
  mails: count.optional(),
  perMinute: count.optional(),
  perHour: count.optional(),
});
export type DeliverabilityAsked = z.infer<typeof deliverabilityAsked>;
