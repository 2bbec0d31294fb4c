import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from "@azure/functions";
import { type Services, services } from "../shared/services.ts";
import { admit, type Caller, isForPeople, type Refusal, type RouteRole } from "../shared/use-cases/access.ts";
import { keepAudit } from "../shared/use-cases/keep-audit.ts";
import { durableClient } from "./durable-client.ts";
import { hostTrace } from "./host-trace.ts";

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

/** What the audit says after a request went well. It names things and never tells their values. */
export interface AuditRule {
  /** A verb, such as `publish`; where the body decides, read from it. */
  readonly action: string | ((body: unknown) => string);
  /** `kind:name`. Null: nothing to audit, such as a look at what is about nobody. */
  readonly subject: (request: HttpRequest) => string | null;
  /** A look, though it is posted: what it asks for is too much for an address. A GET is one by itself. */
  readonly look?: true;
}

/** An HTTP function: every one of Parcours is declared so, and nothing else registers one. */
export interface Endpoint<D = Services> {
  readonly name: string;
  readonly methods: readonly Method[];
  /** As the host wants it: without a slash in front. */
  readonly route: string;
  /** Who may call; `keyed` routes check a key or a signed token of their own. */
  readonly role: RouteRole;
  readonly audit?: AuditRule;
  /** Whether it asks the durable host: `runnerOf(context)`. */
  readonly runner?: true;
  /** The answer while settings are missing or wrong; 503 with their names if absent. */
  readonly unset?: HttpResponseInit;
  /** How a refusal is told; as JSON if absent. */
  readonly refuse?: (request: HttpRequest, refusal: Refusal) => HttpResponseInit;
  readonly handle: (
    request: HttpRequest,
    deps: D,
    context: InvocationContext,
    caller: Caller,
  ) => Promise<HttpResponseInit>;
}

const declared: Endpoint[] = [];

/** Every HTTP function that was declared so far. */
export function endpoints(): readonly Endpoint[] {
  return declared;
}

/** Registers an HTTP function behind the one check of who may call it. */
export function serve(endpoint: Endpoint): void {
  declared.push(endpoint);
  app.http(endpoint.name, {
    route: endpoint.route,
    methods: [...endpoint.methods],
    // The host's own keys are not used: people have roles, systems Parcours's keys, which can be rotated.
    authLevel: "anonymous",
    ...(endpoint.runner === true ? { extraInputs: [durableClient] } : {}),
    handler: async (request, context) => {
      const deps = composed();
      if (deps instanceof Error) return endpoint.unset ?? notSetUp(deps);
      // Whoever asks each second whether we are up is no story.
      if (endpoint.role === "everybody") return answer(endpoint, request, context, deps);
      // Its name and nothing of its address: that may hold a key, or be one.
      const how = { kind: "server", parent: hostTrace(context), labels: { route: endpoint.name } } as const;
      return deps.measure.span("request answered", how, () => answer(endpoint, request, context, deps));
    },
  });
}

/** The services, or why there are none: between deploying and connecting, that is nobody's fault. */
function composed(): Services | Error {
  try {
    return services();
  } catch (fault) {
    if (fault instanceof Error && "code" in fault && fault.code === "CONFIG_INVALID") return fault;
    throw fault;
  }
}

function notSetUp({ message }: Error): HttpResponseInit {
  return { status: 503, jsonBody: { problem: `Parcours is not set up yet: ${message}` } };
}

export async function answer<D extends Pick<Services, "audit" | "clock" | "settings" | "signIn">>(
  endpoint: Endpoint<D>,
  request: HttpRequest,
  context: InvocationContext,
  deps: D,
): Promise<HttpResponseInit> {
  const admission = admit(endpoint.role, credentialsOf(request), deps);
  if (admission.kind !== "admitted") return (endpoint.refuse ?? refusedAsJson)(request, admission);
  const answered = await audited(endpoint, request, context, deps, admission.caller);
  return isForPeople(endpoint.role) ? keptNowhere(answered) : answered;
}

/** Answers for one person are nobody else's: no browser, proxy or shared cache keeps them. */
function keptNowhere(answered: HttpResponseInit): HttpResponseInit {
  const headers = new Headers(answered.headers);
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  headers.set("x-content-type-options", "nosniff");
  return { ...answered, headers };
}

async function audited<D extends Pick<Services, "audit" | "clock">>(
  endpoint: Endpoint<D>,
  request: HttpRequest,
  context: InvocationContext,
  deps: D,
  caller: Caller,
): Promise<HttpResponseInit> {
  const { audit } = endpoint;
  const copy = typeof audit?.action === "function" ? request.clone() : undefined;
  const answered = await endpoint.handle(request, deps, context, caller);
  if (audit === undefined || (answered.status ?? 200) >= 400) return answered;
  const subject = audit.subject(request);
  if (subject === null) return answered;
  const action = typeof audit.action === "string" ? audit.action : audit.action(await bodyOf(copy));
  const kept = await keepAudit({ by: caller, action, subject }, deps);
  if (kept) return answered;
  // What was changed is changed: the log has it then. What was only looked at is not shown without a trace.
  context.error("audit could not be written", { action, subject, by: caller.id });
  return isSafe(request.method) || audit.look === true ? UNTRACED : answered;
}

function credentialsOf(request: HttpRequest) {
  const header = (name: string): string | undefined => request.headers.get(name) ?? undefined;
  return {
    changes: !isSafe(request.method),
    principal: header("x-ms-client-principal"),
    fetchSite: header("sec-fetch-site"),
    origin: header("origin"),
    host: new URL(request.url).host,
  };
}

/** A GET never changes anything (rule 16). */
function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

async function bodyOf(request: HttpRequest | undefined): Promise<unknown> {
  try {
    return JSON.parse((await request?.text()) ?? "");
  } catch {
    return undefined;
  }
}

function refusedAsJson(_request: HttpRequest, { status, problem }: Refusal): HttpResponseInit {
  return { status, jsonBody: { problem } };
}

const UNTRACED: HttpResponseInit = {
  status: 503,
  jsonBody: { problem: "the audit can't be written now, and nobody looks at a person without it: try again" },
};
