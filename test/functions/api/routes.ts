import type { Platform } from "../../../local/platform/platform.ts";

/** An HTTP route as the host serves it. */
export interface ServedRoute {
  readonly name: string;
  readonly method: string;
  /** With its parameters in braces, without constraints: `/api/runs/{run}`. */
  readonly path: string;
}

/** Every HTTP route that the app has registered with its host: what is really reachable. */
export function servedRoutes(platform: Platform): ServedRoute[] {
  return platform.describe().flatMap((line) => {
    const [, name = "", methods = "", url = ""] =
      /^(\S+)\s+httpTrigger\s+(\S+) https?:\/\/[^/]+(\/.*)$/.exec(line) ?? [];
    const path = url.replace(/\{\*?(\w+)(:[^}]*?)?\??\}/g, "{$1}").replace(/^\/\{root\}$/, "/");
    return methods.split(",").flatMap((method) => (method === "" ? [] : [{ name, method, path }]));
  });
}

/** The path with something in each parameter. */
export function filledIn(path: string): string {
  return path.replace(/\{\w+\}/g, "some-thing");
}
