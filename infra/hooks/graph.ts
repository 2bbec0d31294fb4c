import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Microsoft Graph, asked as whoever is signed in to the Azure CLI. */
export interface Graph {
  /** @throws Refused where Graph says no; Error where there is no answer */
  ask(
    method: "GET" | "POST" | "PATCH",
    path: string,
    what?: { query?: Record<string, string>; body?: object },
  ): unknown;
}

/** Graph answered, and said no. */
export class Refused extends Error {
  readonly kind: "missing" | "forbidden" | "other";

  constructor(kind: "missing" | "forbidden" | "other", message: string) {
    super(message);
    this.kind = kind;
  }
}

const ROOT = "https://graph.microsoft.com/v1.0";

/** Graph through `az rest`, which has the token: nothing here ever sees one. */
export function graphThroughAz(): Graph {
  return {
    ask(method, path, { query = {}, body } = {}) {
      const args = ["rest", "--only-show-errors", "--method", method, "--uri", `${ROOT}${path}`];
      const parameters = Object.entries(query).map(([name, value]) => `${name}=${value}`);
      if (parameters.length > 0) args.push("--uri-parameters", ...parameters);
      const folder = mkdtempSync(join(tmpdir(), "parcours-graph-"));
      try {
        // A file, since no two shells quote JSON alike.
        const file = join(folder, "body.json");
        writeFileSync(file, JSON.stringify(body ?? {}));
        if (body !== undefined) args.push("--headers", "Content-Type=application/json", "--body", `@${file}`);
        return answerOf(run("az", args));
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}

function answerOf({ status, stdout, stderr, error }: SpawnSyncReturns<string>): unknown {
  if (error !== undefined) throw new Error("the Azure CLI (az) is needed, and somebody signed in to it: az login");
  if (status !== 0) throw refusal(stderr);
  return stdout.trim() === "" ? undefined : (JSON.parse(stdout) as unknown);
}

function refusal(stderr: string): Refused {
  const said = stderr.trim();
  if (/Request_ResourceNotFound|ResourceNotFound|\bNot Found\b/i.test(said)) return new Refused("missing", said);
  if (/Authorization_RequestDenied|Insufficient privileges|\bForbidden\b/i.test(said))
    return new Refused("forbidden", said);
  return new Refused("other", said);
}

/** Sets a value of the azd environment that this hook runs in. */
export function setInEnvironment(name: string, value: string): void {
  const { status, stderr, error } = run("azd", ["env", "set", name, value]);
  if (error !== undefined || status !== 0) throw new Error(`azd env set ${name} failed: ${error?.message ?? stderr}`);
}

function run(command: string, args: readonly string[]): SpawnSyncReturns<string> {
  // On Windows the CLIs are scripts, which only a shell starts.
  const shell = process.platform === "win32";
  return spawnSync(command, shell ? args.map((one) => `"${one}"`) : args, { encoding: "utf8", shell });
}
