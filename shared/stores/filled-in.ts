import type { z } from "zod";

/**
 * Reads a stored document with today's schema: what was added since, with a default, is filled in. A document of a
 * later build, with what this one does not know, is taken as it is: an instance of an earlier build lives on beside it.
 */
export function filledIn<T>(schema: z.ZodType<T>): (stored: T) => T {
  return (stored) => {
    const read = schema.safeParse(stored);
    return read.success ? read.data : stored;
  };
}
