import { analyzeSync, type Template, type Variable } from "liquidjs";
import { isRoot, ROOTS, type Root } from "./view.ts";

/** Paths as fields of the domain: `event.title`, `related.customerid.name`. */
export type Naming =
  | { readonly kind: "named"; readonly fields: readonly string[] }
  | { readonly kind: "wrong"; readonly problem: string };

/** The fields that a template names, or the first that it can't name so. */
export function namedBy(templates: Template[], part: string): Naming {
  const { globals, variables } = analyzeSync(templates, { partials: false });
  const fields = new Set<string>();
  for (const variable of Object.values(globals).flat()) {
    if (String(variable) === CONTINUE) continue;
    const field = fieldOf(variable);
    if ("problem" in field) return { kind: "wrong", problem: at(part, variable, field.problem) };
    fields.add(field.path);
  }
  for (const root of ROOTS) {
    const used = variables[root] ?? [];
    const shadowed = used.find((variable) => !(globals[root] ?? []).includes(variable));
    if (shadowed) return { kind: "wrong", problem: at(part, shadowed, `"${root}" can't be given another meaning`) };
  }
  return { kind: "named", fields: [...fields].sort() };
}

/** `offset: continue` of a loop reads as a name and is none. */
const CONTINUE = "continue";

function at(part: string, { location }: Variable, problem: string): string {
  return `${part}, line ${location.row}, column ${location.col}: ${problem}`;
}

function fieldOf(variable: Variable): { path: string } | { problem: string } {
  const [root, ...names] = variable.segments;
  if (!isRoot(root)) return { problem: `unknown name "${String(root)}"; there are ${ROOTS.join(", ")}` };
  const depth = DEPTH[root];
  // A reference's `.name`, a list's `.size` and the like belong to the column's value.
  const path = names.slice(0, depth.most);
  if (path.length < depth.least) return { problem: `"${String(variable)}" names no column` };
  for (const name of path)
    if (typeof name !== "string")
      return { problem: `"${String(variable)}" is computed: write the column's name, so that it can be read in time` };
  return { path: [root, ...path].join(".") };
}

/**
 * How many names follow the root; an event's may be a column or a step and its column. `survey.link` and
 * `discount.code` need no step: the survey that the mail invites to, the latest code.
 */
const DEPTH: Readonly<Record<Root, { least: number; most: number }>> = {
  event: { least: 1, most: 2 },
  before: { least: 1, most: 1 },
  record: { least: 1, most: 1 },
  audience: { least: 1, most: 1 },
  related: { least: 2, most: 2 },
  survey: { least: 1, most: 2 },
  discount: { least: 1, most: 2 },
  unsubscribe: { least: 1, most: 1 },
};
