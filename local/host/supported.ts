import type { RegisteredFunction } from "./function-app.ts";

const TRIGGERS = new Set([
  "httptrigger",
  "timertrigger",
  "servicebustrigger",
  "orchestrationtrigger",
  "activitytrigger",
  "entitytrigger",
]);
const INPUTS = new Set(["durableclient"]);
const OUTPUTS = new Set(["http", "servicebus"]);

/** Why this host can't serve a function, or undefined where it can. Said at the start, not at 3 a.m. */
export function unsupported(fn: RegisteredFunction): string | undefined {
  if (!TRIGGERS.has(fn.trigger.type)) return `a trigger of type ${fn.trigger.settings.type}`;
  for (const [name, binding] of Object.entries(fn.metadata.bindings)) {
    if (name === fn.trigger.name) continue;
    const known = binding.direction === "in" ? INPUTS : OUTPUTS;
    if (!known.has(binding.type.toLowerCase())) return `an ${binding.direction}put of type ${binding.type}`;
  }
  return undefined;
}
