import type { LogEntry, RegisteredFunction } from "./function-app.ts";
import type { Settings } from "./settings.ts";

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

/** As the real host checks it. */
const NAME = /^(?!host$)[a-z][a-z0-9_-]{0,127}$/i;

/** Throws where a function has a name that the real host takes for an error. */
export function checkName({ metadata: { name } }: RegisteredFunction): void {
  if (NAME.test(name)) return;
  throw new Error(
    `"${name}" is not a valid function name: a letter, then letters, digits, _ and -, 128 at most, and not "host".`,
  );
}

/** Whether this host can serve a function; what it can't, or would not heed, is said at the start, not at 3 a.m. */
export function isServed(fn: RegisteredFunction, settings: Settings, log: (entry: LogEntry) => void): boolean {
  const { name, retryOptions } = fn.metadata;
  const warn = (message: string) => log({ level: "warning", category: "system", message });
  const switched = `AzureWebJobs.${name}.Disabled`;
  if (/^(true|1)$/i.test(settings[switched] ?? "")) {
    log({ level: "information", category: "system", message: `Function ${name} is disabled: by ${switched}.` });
    return false;
  }
  const reason = unsupported(fn);
  if (reason !== undefined) {
    warn(`Function ${name} is not served: it has ${reason}, which this host does not know.`);
    return false;
  }
  if (retryOptions !== undefined && fn.trigger.type !== "timertrigger")
    warn(
      `The retry policy of function ${name} is not used: of the triggers known here Azure heeds one for timers only. ` +
        "A message whose function fails is delivered again as often as its queue allows.",
    );
  return true;
}

function unsupported(fn: RegisteredFunction): string | undefined {
  if (!TRIGGERS.has(fn.trigger.type)) return `a trigger of type ${fn.trigger.settings.type}`;
  for (const [name, binding] of Object.entries(fn.metadata.bindings)) {
    if (name === fn.trigger.name) continue;
    const known = binding.direction === "in" ? INPUTS : OUTPUTS;
    if (!known.has(binding.type.toLowerCase())) return `an ${binding.direction}put of type ${binding.type}`;
  }
  return undefined;
}
