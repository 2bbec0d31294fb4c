import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { problems } from "../../shared/wire/api.ts";
import type { RouteDoc } from "../../shared/wire/openapi.ts";
import { type Endpoint, serve } from "../endpoint.ts";

/** One route: its description, which is also what the OpenAPI document says, who may call it, and what it does. */
export interface Route extends Omit<RouteDoc, "role">, Pick<Endpoint, "name" | "role" | "audit" | "unset" | "handle"> {}

/** What a changing route of a definition, or a look at one thing, is audited under: `journey:` and what stands in the path. */
export function inPath(kind: string, parameter: string): (request: HttpRequest) => string {
  return (request) => `${kind}:${request.params[parameter] ?? ""}`;
}

export function register(routes: readonly Route[]): void {
  for (const route of routes)
    serve({
      name: route.name,
      methods: [METHODS[route.method]],
      route: route.path.replace(/^\//, ""),
      role: route.role,
      runner: true,
      ...(route.audit === undefined ? {} : { audit: route.audit }),
      ...(route.unset === undefined ? {} : { unset: route.unset }),
      handle: async (request, deps, context, caller) => {
        const unnamed = Object.entries(request.params).find(([name, value]) => !isName(name, value));
        if (unnamed !== undefined) return missing(`${unnamed[0]} ${unnamed[1]}`);
        try {
          return await route.handle(request, deps, context, caller);
        } catch (fault) {
          if (request.query.has("next") && isKeyInvalid(fault)) return STRANGE_NEXT;
          const ofOutside = outsideFault(fault);
          if (ofOutside !== undefined) return ofOutside;
          throw fault;
        }
      },
    });
}

/** A route as the OpenAPI document tells it, with what every route for people may answer. */
export function documented({ role, responses, ...route }: Route): RouteDoc {
  if (role === "everybody" || role === "keyed") return { ...route, responses };
  return { ...route, role, responses: { ...responses, ...REFUSED } };
}

const REFUSED = {
  401: { description: "Nobody is signed in", body: problems },
  403: { description: "The role is missing, or another site's page asks", body: problems },
};

const METHODS = {
  get: "GET",
  post: "POST",
  put: "PUT",
  patch: "PATCH",
  delete: "DELETE",
  options: "OPTIONS",
} as const;

/** Whether anything can be called so: only a run's id has two parts. */
function isName(parameter: string, value: string): boolean {
  return /^[A-Za-z0-9:._-]{1,200}$/.test(parameter === "run" ? value.replace("~", "") : value);
}

/** The store could not read it: path parameters were looked at before, so it is the place of a page. */
function isKeyInvalid(fault: unknown): boolean {
  return fault instanceof Error && "code" in fault && fault.code === "KEY_INVALID";
}

/** What Dataverse says reaches the caller: it names the right that is missing, or how long to wait. */
function outsideFault(fault: unknown): HttpResponseInit | undefined {
  if (!(fault instanceof Error && "code" in fault)) return undefined;
  const status = { BUS_UNAVAILABLE: 503, DATAVERSE_UNAVAILABLE: 503, DATAVERSE_REFUSED: 502, DATAVERSE_FORBIDDEN: 502 }[
    String(fault.code)
  ];
  return status === undefined ? undefined : { status, jsonBody: { problem: fault.message } };
}

export const STRANGE_NEXT = invalid([{ at: "next", problem: "give back the `next` of the page before as it was" }]);

export function ok(body: unknown, headers: Record<string, string> = {}): HttpResponseInit {
  return { status: 200, jsonBody: body, headers };
}

export function missing(what: string): HttpResponseInit {
  return { status: 404, jsonBody: { problem: `there is no ${what}` } };
}

export function invalid(problems: readonly { readonly at: string; readonly problem: string }[]): HttpResponseInit {
  return { status: 400, jsonBody: { problems } };
}

/** The body as JSON; undefined where it is none. */
export async function jsonOf(request: HttpRequest): Promise<unknown> {
  try {
    return JSON.parse(await request.text());
  } catch {
    return undefined;
  }
}
