import { createHash } from "node:crypto";
import { z } from "zod";

const faultRule = z.strictObject({
  /**
   * `throttled`: 429 with Retry-After. `server-error`: 500. `request-lost`: the socket closes, nothing was stored.
   * `answer-lost`: what was asked for is done, then the socket closes.
   */
  fault: z.enum(["throttled", "server-error", "request-lost", "answer-lost"]),
  /** Which request it befalls. A throttled `operation` is "202, and then 429 on the operation". */
  at: z.enum(["send", "operation"]).default("send"),
  /** The chance that it befalls a request, 0 to 1. */
  probability: z.number().min(0).max(1).default(1),
  /** How many requests it befalls at most. */
  count: z.int().min(0).optional(),
  retryAfterSeconds: z.int().min(0).default(1),
});

/** What goes wrong on demand. Rules are asked in their order; the first that strikes counts. */
export const faultsSchema = z.strictObject({
  seed: z.int().default(1),
  /** Whether a repeat of an operation id is dropped. It is so in the service, by reports of its users. */
  deduplicate: z.boolean().default(true),
  rules: z.array(faultRule).default([]),
  /** How many sends are taken in a sliding minute and hour of virtual time; without, all. More get a 429. */
  limits: z.strictObject({ perMinute: z.int().min(1).optional(), perHour: z.int().min(1).optional() }).default({}),
});

export type Faults = z.input<typeof faultsSchema>;
export type FaultRule = z.infer<typeof faultRule>;

/**
 * Decides which request meets which fault. The draw depends on seed, operation id and how often that was asked before,
 * and not on the order in which requests come in: the same run meets the same faults however its requests interleave.
 */
export class FaultPlan {
  readonly settings: z.infer<typeof faultsSchema>;
  readonly #struck = new Map<FaultRule, number>();
  readonly #asked = new Map<string, number>();

  constructor(faults: Faults = {}) {
    this.settings = faultsSchema.parse(faults);
  }

  /** The rule that strikes this request, if any. */
  draw(at: FaultRule["at"], operationId: string): FaultRule | undefined {
    if (this.settings.rules.length === 0) return undefined;
    const request = `${at} ${operationId}`;
    const before = this.#asked.get(request) ?? 0;
    this.#asked.set(request, before + 1);
    for (const [index, rule] of this.settings.rules.entries()) {
      const struck = this.#struck.get(rule) ?? 0;
      if (rule.at !== at || struck >= (rule.count ?? Number.POSITIVE_INFINITY)) continue;
      if (chance(`${this.settings.seed} ${request} ${before} ${index}`) >= rule.probability) continue;
      this.#struck.set(rule, struck + 1);
      return rule;
    }
    return undefined;
  }

  /** How often each rule struck, in the order of the rules. */
  struck(): number[] {
    return this.settings.rules.map((rule) => this.#struck.get(rule) ?? 0);
  }
}

/** A number from 0 to below 1 that depends on nothing but the text. */
function chance(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}
