import { z } from "zod";

/** One route as callers see it. */
export interface RouteDoc {
  readonly method: "get" | "post" | "put" | "patch" | "delete" | "options";
  /** With its parameters in braces: `/api/journeys/{journey}`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Groups routes that belong together. */
  readonly tag?: string;
  /** Header in which the caller's key must stand; none for what everybody may call. */
  readonly key?: string;
  /** The role that a person needs, shown as `x-role`; none for what has keys of its own, or is for everybody. */
  readonly role?: string;
  /** What a parameter in the path means, by its name. */
  readonly params?: Readonly<Record<string, string>>;
  /** Optional query parameters and what they mean. */
  readonly query?: Readonly<Record<string, string>>;
  readonly request?: z.ZodType;
  readonly responses: Readonly<Record<number, { readonly description: string; readonly body?: z.ZodType }>>;
}

export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  /** Schemas to show under a name of their own, beside those that carry one by `.meta({ id })`. */
  readonly schemas?: Readonly<Record<string, z.ZodType>>;
}

type Json = Record<string, unknown>;

/** An OpenAPI 3.1 document. A named schema stands once, under components, wherever it is used. */
export function openApi(routes: readonly RouteDoc[], { schemas = {}, ...info }: ApiInfo): Json {
  const components = new Components(schemas);
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = plainPath(route.path);
    const operations = paths[path] ?? {};
    if (route.method in operations) throw new Error(`${route.method} ${path} is described twice`);
    operations[route.method] = operation(route, components);
    paths[path] = operations;
  }
  const keys = [...new Set(routes.flatMap((route) => route.key ?? []))];
  return {
    openapi: "3.1.0",
    info,
    paths,
    components: {
      schemas: components.schemas,
      ...(keys.length > 0 && {
        securitySchemes: Object.fromEntries(keys.map((name) => [name, { type: "apiKey", in: "header", name }])),
      }),
    },
  };
}

function operation(route: RouteDoc, components: Components): Json {
  const { summary, description, tag, key, role, query = {}, params = {} } = route;
  const parameters = [
    ...paramsOf(route.path).map((name) => parameter("path", name, params[name])),
    ...Object.entries(query).map(([name, meaning]) => parameter("query", name, meaning)),
  ];
  return {
    operationId: operationId(route),
    summary,
    ...(description !== undefined && { description }),
    ...(tag !== undefined && { tags: [tag] }),
    ...(role !== undefined && { "x-role": role }),
    ...(key !== undefined && { security: [{ [key]: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(route.request && { requestBody: { required: true, ...content(components.schemaOf(route.request, "input")) } }),
    responses: Object.fromEntries(
      Object.entries(route.responses).map(([status, { description, body }]) => [
        status,
        { description, ...(body && content(components.schemaOf(body, "output"))) },
      ]),
    ),
  };
}

function parameter(place: "path" | "query", name: string, description: string | undefined): Json {
  return {
    name,
    in: place,
    required: place === "path",
    ...(description !== undefined && { description }),
    schema: { type: "string" },
  };
}

function content(schema: unknown): Json {
  return { content: { "application/json": { schema } } };
}

/** Azure Functions' routes may constrain a parameter (`{id:guid}`) or leave it out (`{id?}`): not so in OpenAPI. */
const PARAMETER = /\{\*?([A-Za-z0-9_]+)(?::[^}]*)?\??\}/g;

function plainPath(path: string): string {
  return `/${path.replace(/^\/+/, "")}`.replace(PARAMETER, "{$1}");
}

function paramsOf(path: string): string[] {
  return [...path.matchAll(PARAMETER)].map(([, name]) => name ?? "");
}

/** `get /api/journeys/{journey}/runs` → `getApiJourneysByJourneyRuns`. */
function operationId({ method, path }: RouteDoc): string {
  const words = plainPath(path)
    .replace(/\{/g, "by-{")
    .split(/[^A-Za-z0-9]+/);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

const DEFS = "#/$defs/";

/** Collects named schemas. One that reads differently than it is written (defaults) stands twice: `Mail`, `MailInput`. */
class Components {
  readonly schemas: Record<string, unknown> = {};
  readonly #names: Names;

  constructor(named: Readonly<Record<string, z.ZodType>>) {
    this.#names = new Names(named);
  }

  schemaOf(schema: z.ZodType, io: "input" | "output"): unknown {
    // A schema of its own inside another one, so that a named one comes as a reference.
    const { $defs = {}, properties = {} } = z.toJSONSchema(z.object({ it: schema }), {
      io,
      metadata: this.#names,
      unrepresentable: "any",
      override: ({ zodSchema, jsonSchema }) => {
        // What we answer may grow; only what is strict says so.
        if (zodSchema._zod.def.type === "object" && zodSchema._zod.def.catchall === undefined)
          delete jsonSchema.additionalProperties;
      },
    });
    const names = this.#place($defs);
    return renamed(properties.it, names);
  }

  /** Puts definitions under components; answers their names there. */
  #place(defs: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
    let names = new Map(Object.keys(defs).map((name) => [name, name]));
    // A name that is taken by another form moves on, and with it whatever refers to it: repeated until all stand.
    for (;;) {
      const taken = Object.entries(defs).filter(([name, def]) => {
        const there = this.schemas[names.get(name) ?? name];
        return there !== undefined && JSON.stringify(there) !== JSON.stringify(renamed(def, names));
      });
      if (taken.length === 0) break;
      names = new Map(names);
      for (const [name] of taken) names.set(name, another(names.get(name) ?? name));
    }
    for (const [name, def] of Object.entries(defs)) this.schemas[names.get(name) ?? name] = renamed(def, names);
    return names;
  }
}

/** `Mail`, `MailInput`, `MailInput2`; schemas without a name of their own (recursive ones) are counted on. */
function another(name: string): string {
  const counted = /^(__schema|.*Input)(\d*)$/.exec(name);
  if (counted === null) return `${name}Input`;
  return `${counted[1]}${Number(counted[2] || 1) + 1}`;
}

function renamed(schema: unknown, names: ReadonlyMap<string, string>): unknown {
  return JSON.parse(JSON.stringify(schema), (key, value) => {
    if (key !== "$ref" || typeof value !== "string" || !value.startsWith(DEFS)) return value;
    const name = value.slice(DEFS.length);
    return `#/components/schemas/${names.get(name) ?? name}`;
  });
}

/** Names given here, over whatever else the schemas say of themselves. */
class Names extends z.core.$ZodRegistry<Record<string, unknown>> {
  constructor(named: Readonly<Record<string, z.ZodType>>) {
    super();
    for (const [id, schema] of Object.entries(named)) this.add(schema, { id });
  }

  override get(schema: z.core.$ZodType): Record<string, unknown> | undefined {
    const own = super.get(schema);
    const said = z.globalRegistry.get(schema);
    return own || said ? { ...said, ...own } : undefined;
  }
}
