import { type Endpoint, keyOf, type Wanted, type WantedStep } from "./registration.ts";

/**
 * What Dataverse must tell while somebody shows by example what shall fire: everything about these tables, on an
 * endpoint of its own. So the registrations of published triggers stay as they are, to the letter: a wider image of
 * theirs could push a change over 256 KB, and whatever a crash leaves behind belongs to the example alone.
 */
export function exampleRegistrations(tables: Iterable<string>, endpoint: Endpoint): Wanted {
  const steps = [...new Set(tables)].flatMap((table): WantedStep[] => [
    { table, message: "Create", columns: "all", pre: null, post: "all", enabled: true },
    { table, message: "Update", columns: "all", pre: "all", post: "all", enabled: true },
    { table, message: "Delete", columns: "all", pre: "all", post: null, enabled: true },
  ]);
  if (steps.length === 0) return { endpoint: null, steps: [] };
  return { endpoint, steps: steps.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)) };
}
