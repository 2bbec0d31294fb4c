import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** What is wrong with a body, where, in words for whoever wrote it. */
export function issuesOf(error: z.ZodError): { at: string; problem: string }[] {
  return error.issues.flatMap(plain).map(({ path, message }) => ({ at: path.join(".") || "body", problem: message }));
}

/** Names by which the alternatives of our unions tell themselves apart, the wider choice first. */
const MARKS = ["kind", "op"];

interface Plain {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Of a union the parser only says that no alternative fits: this says what is wrong with the one that was meant. */
function plain(issue: Issue): Plain[] {
  if (issue.code !== "invalid_union") return [issue];
  let meant = alternatives(issue.errors);
  for (const mark of MARKS) {
    const fitting = meant.filter((issues) => !issues.some((one) => isAt(one, mark)));
    if (fitting.length === 0 && meant.length > 0)
      return [{ path: [...issue.path, mark], message: `must be one of ${[...valuesAt(meant, mark)].join(", ")}` }];
    meant = fitting;
  }
  if (meant.length > 1 && meant.every(isOfWhole))
    return [{ path: issue.path, message: meant.map(([one]) => one?.message).join("; or ") }];
  const [closest] = meant.toSorted((a, b) => a.length - b.length);
  if (closest === undefined) return [issue];
  return closest.flatMap(plain).map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
}

/** A union whose alternatives are unions is one union. */
function alternatives(errors: readonly (readonly Issue[])[]): (readonly Issue[])[] {
  return errors.flatMap((issues) => {
    const [only] = issues;
    const nested = issues.length === 1 && only?.code === "invalid_union" && only.path.length === 0;
    return nested ? alternatives(only.errors) : [issues];
  });
}

function isOfWhole(issues: readonly Issue[]): boolean {
  return issues.length === 1 && issues[0]?.path.length === 0 && issues[0].code !== "invalid_union";
}

function isAt(issue: Issue, mark: string): boolean {
  return issue.code === "invalid_value" && issue.path.length === 1 && issue.path[0] === mark;
}

function valuesAt(errors: readonly (readonly Issue[])[], mark: string): ReadonlySet<string> {
  const found = errors.flat().flatMap((one) => (one.code === "invalid_value" && isAt(one, mark) ? one.values : []));
  return new Set(found.map(String));
}
