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

/** The route of an HTTP function. Throws where its template can't be understood. */
export function httpRoute(fn: RegisteredFunction, routePrefix: string, settings: Settings): HttpRoute {
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
  return {
    fn,
    template,
    authLevel: (authLevel?.toLowerCase() ?? "function") as AuthLevel,
    methods: new Set((methods ?? []).map((method) => method.toUpperCase())),
    match: compileRoute(template),
  };
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
