import type { RegisteredFunction } from "./function-app.ts";
import { compileRoute, type RouteMatcher } from "./route-template.ts";
import { resolveNames, type Settings } from "./settings.ts";

export type AuthLevel = "anonymous" | "function" | "admin";

export interface HttpRoute {
  readonly fn: RegisteredFunction;
  /** With the prefix, as one would write it into a URL. */
  readonly template: string;
  readonly authLevel: AuthLevel;
  /** Upper case. */
  readonly methods: ReadonlySet<string>;
  readonly match: RouteMatcher;
}

/** What begins so belongs to the host itself; it looks no further than at these letters, and not at the prefix. */
const RESERVED = /^(admin|runtime)/i;
const LEVELS: readonly string[] = ["anonymous", "function", "admin"] satisfies AuthLevel[];

/** The route of an HTTP function. Throws where its binding can't be understood, or another function has the route. */
export function httpRoute(
  fn: RegisteredFunction,
  routePrefix: string,
  settings: Settings,
  others: readonly HttpRoute[] = [],
): HttpRoute {
  const { route, methods, authLevel } = fn.trigger.settings as {
    route?: string;
    methods?: string[];
    authLevel?: string;
  };
  const own = resolveNames(route === undefined || route === "" ? fn.metadata.name : route, settings);
  const template = [routePrefix, own]
    .map((part) => part.replaceAll(/^\/+|\/+$/g, ""))
    .filter((part) => part !== "")
    .join("/");
  if (RESERVED.test(own.replace(/^\/+/, "")))
    throw new Error(`its route "${own}" begins with "admin" or "runtime", which the host keeps for itself.`);
  const level = authLevel?.toLowerCase() ?? "function";
  if (!LEVELS.includes(level)) throw new Error(`its authLevel "${authLevel}" is none of ${LEVELS.join(", ")}.`);
  const made: HttpRoute = {
    fn,
    template,
    authLevel: level as AuthLevel,
    methods: new Set((methods ?? []).map((method) => method.toUpperCase())),
    match: compileRoute(template),
  };
  const rival = others.find((other) => conflict(made, other));
  if (rival !== undefined)
    throw new Error(
      `its route "${own}" conflicts with that of function ${rival.fn.metadata.name}: give it another route or method.`,
    );
  return made;
}

/** The same template, whatever the names' case, and a method that both take. */
function conflict(a: HttpRoute, b: HttpRoute): boolean {
  if (a.template.toLowerCase() !== b.template.toLowerCase()) return false;
  return a.methods.size === 0 || b.methods.size === 0 || [...a.methods].some((method) => b.methods.has(method));
}

export interface Matched {
  readonly route: HttpRoute;
  readonly params: Readonly<Record<string, string>>;
}

/** The first route that fits path and method. The real host answers 404, not 405, where only the method differs. */
export function findRoute(routes: readonly HttpRoute[], method: string, path: string): Matched | undefined {
  for (const route of routes) {
    if (route.methods.size > 0 && !route.methods.has(method)) continue;
    const params = route.match(path.replace(/^\//, ""));
    if (params !== undefined) return { route, params };
  }
  return undefined;
}
