import { parseArgs } from "node:util";

export const USAGE = `npm start -- [options]

  --lang fr|en     language of what is said (default: the system's)
  --once           plays the story, ends with 0 or 1
  --empty          starts bare: no company, no journeys (a state of its own beside the company's)
  --reset          forgets the state and starts over
  --port-base N    the app at N, Dataverse N+1, mailbox N+2, control N+3, Service Bus N+4 (default 7071; 0: free ones)
  --data DIR       where state is kept (default .parcours)`;

export interface StartOptions {
  readonly language: "fr" | "en";
  readonly once: boolean;
  readonly empty: boolean;
  readonly reset: boolean;
  readonly portBase: number;
  readonly dataDir: string;
  readonly help: boolean;
}

const PORT_BASE = 7071;
const HIGHEST_BASE = 65_531;

/** Reads the command line. Throws with what is wrong. */
export function startOptions(args: readonly string[], env: NodeJS.ProcessEnv): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      lang: { type: "string" },
      once: { type: "boolean", default: false },
      empty: { type: "boolean", default: false },
      reset: { type: "boolean", default: false },
      "port-base": { type: "string", default: String(PORT_BASE) },
      data: { type: "string", default: ".parcours" },
      help: { type: "boolean", default: false },
    },
  });
  const { lang, data: dataDir, "port-base": base, ...flags } = values;
  const language = lang ?? systemLanguage(env);
  if (language !== "fr" && language !== "en") throw new RangeError(`--lang takes fr or en, not "${lang}".`);
  const portBase = Number(base);
  if (!Number.isInteger(portBase) || portBase < 0 || portBase > HIGHEST_BASE)
    throw new RangeError(`--port-base takes a port up to ${HIGHEST_BASE}, not "${base}".`);
  return { ...flags, language, dataDir, portBase };
}

/** French where the system is, English everywhere else. */
function systemLanguage(env: NodeJS.ProcessEnv): "fr" | "en" {
  const named = env.LC_ALL || env.LC_MESSAGES || env.LANG || Intl.DateTimeFormat().resolvedOptions().locale;
  return /^fr\b|^fr_/i.test(named) ? "fr" : "en";
}
