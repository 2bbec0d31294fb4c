import type { Completion } from "./decision.ts";

/** host.json's `durableTask`: which instances this hub's code may run. */
export interface Versioning {
  readonly defaultVersion?: string;
  readonly versionMatchStrategy?: "None" | "Strict" | "CurrentOrOlder";
  /** What becomes of an instance that does not fit: it waits for a host that runs it, or fails at once. */
  readonly versionFailureStrategy?: "Reject" | "Fail";
}

/** The end of an instance that does not fit, in DurableTask's words. Its number is how many events came before. */
export function versionMismatch(id: number): Completion {
  const failure = {
    ErrorType: "VersionMismatch",
    ErrorMessage: "Orchestration version did not comply with Worker Versioning",
    StackTrace: null,
    InnerFailure: null,
    IsNonRetriable: true,
  };
  return { kind: "complete", id, status: "Failed", result: null, details: null, failure };
}

/** Whether instances of that version are run at all; one that is not stays as it is until a host fits. */
export function runsVersion(versioning: Versioning, version: string | null): boolean {
  const own = versioning.defaultVersion ?? "";
  const theirs = version ?? "";
  switch (versioning.versionMatchStrategy ?? "CurrentOrOlder") {
    case "None":
      return true;
    case "Strict":
      return own === theirs;
    case "CurrentOrOlder":
      return theirs === "" || (own !== "" && compare(theirs, own) <= 0);
  }
}

/** Part by part as numbers where both are (`1.10` after `1.9`), else as texts regardless of case. */
function compare(a: string, b: string): number {
  const x = parts(a);
  const y = parts(b);
  if (!x || !y) return a.toLowerCase() < b.toLowerCase() ? -1 : Number(a.toLowerCase() !== b.toLowerCase());
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    // A part that is missing comes before 0, as in .NET's Version.
    const difference = (x[i] ?? -1) - (y[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function parts(version: string): number[] | undefined {
  return /^\d+(\.\d+){1,3}$/.test(version) ? version.split(".").map(Number) : undefined;
}
