import { readPrincipal } from "../wire/client-principal.ts";

/** What people may do, each including those before it. */
export const ROLES = ["reader", "author", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Who may call: people of a role, everybody, or whoever shows a key or a signed token that the route itself checks. */
export type RouteRole = Role | "everybody" | "keyed";

/**
 * Where callers come from: the platform's authentication in front of the app; one's own machine, where everybody is the
 * caller `local`; or nowhere, and then nobody has a role.
 */
export type SignIn = "platform" | "local" | "none";

/** Who calls. Of routes for everybody, and of those with keys, nobody knows. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

export const NOBODY: Caller = { id: "", name: "", roles: [] };
const LOCAL: Caller = { id: "local", name: "local", roles: ROLES };

/** Why somebody may not: nobody signed in, the role is missing, another site's page asks, or there is no sign-in here. */
export interface Refusal {
  readonly kind: "no-sign-in-here" | "signed-out" | "role-missing" | "cross-site";
  readonly status: 401 | 403;
  readonly problem: string;
}

export type Admission = { readonly kind: "admitted"; readonly caller: Caller } | Refusal;

/** What of a request says who asks, and from where. */
export interface Request {
  /** Whether it may change something. */
  readonly changes: boolean;
  /** The header `x-ms-client-principal`; anybody can write one, so it counts only behind the platform's sign-in. */
  readonly principal: string | undefined;
  /** The headers `Sec-Fetch-Site` and `Origin`, which pages can't forge; and the host that was asked. */
  readonly fetchSite: string | undefined;
  readonly origin: string | undefined;
  readonly host: string;
}

/** Where this app is, and how people sign in to it. */
export interface Place {
  readonly signIn: SignIn;
  readonly settings: { readonly publicUrl: string };
}

/** Whether whoever asks may call a route of this role, and who that is. The one place where this is decided. */
export function admit(role: RouteRole, request: Request, { signIn, settings }: Place): Admission {
  if (!isForPeople(role)) return { kind: "admitted", caller: NOBODY };
  if (signIn === "none") return NO_SIGN_IN_HERE;
  // Browsers send the cookie of the sign-in along with what any page asks: only our own pages may change anything.
  if (request.changes && isCrossSite(request, settings.publicUrl)) return CROSS_SITE;
  const caller = signIn === "local" ? LOCAL : callerOf(request.principal);
  if (caller === undefined) return SIGNED_OUT;
  return hasRole(caller, role) ? { kind: "admitted", caller } : roleMissing(caller, role);
}

/** Whether a browser sends it for a page of another origin. What is no browser sends neither header. */
function isCrossSite({ fetchSite, origin, host }: Request, publicUrl: string): boolean {
  if (fetchSite !== undefined && fetchSite !== "same-origin" && fetchSite !== "none") return true;
  if (origin === undefined) return false;
  // Behind a proxy that ends TLS the app is asked by http: the host decides, port and all.
  return !URL.canParse(origin) || ![host, new URL(publicUrl).host].includes(new URL(origin).host);
}

/** Whether somebody must be signed in for it. */
export function isForPeople(role: RouteRole): role is Role {
  return role !== "everybody" && role !== "keyed";
}

/** Whether the caller's highest role is this one or includes it. */
export function hasRole(caller: Caller, role: Role): boolean {
  return caller.roles.some((one) => ROLES.indexOf(one) >= ROLES.indexOf(role));
}

function callerOf(header: string | undefined): Caller | undefined {
  const principal = header === undefined ? undefined : readPrincipal(header);
  if (principal === undefined) return undefined;
  const { id, name } = principal;
  return { id, name, roles: ROLES.filter((role) => principal.roles.includes(role)) };
}

const NO_SIGN_IN_HERE: Refusal = {
  kind: "no-sign-in-here",
  status: 403,
  problem:
    "sign-in is not set up: set PARCOURS_SIGN_IN=platform where App Service authentication is on, or PARCOURS_OPEN=local on one's own machine",
};

const CROSS_SITE: Refusal = {
  kind: "cross-site",
  status: 403,
  problem: "a page of another site may not change anything here",
};

const SIGNED_OUT: Refusal = { kind: "signed-out", status: 401, problem: "sign in first: /.auth/login/aad" };

function roleMissing({ roles }: Caller, needed: Role): Refusal {
  const has = roles.length === 0 ? "no role of Parcours" : `the role ${roles.at(-1)}`;
  const problem = `this needs the role ${needed}, and you have ${has}: an administrator assigns app roles in Entra ID`;
  return { kind: "role-missing", status: 403, problem };
}
