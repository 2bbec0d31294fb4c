/** An app role of Entra ID. Ids are only unique within one registration, so these serve every environment. */
interface AppRole {
  readonly id: string;
  readonly value: string;
  readonly displayName: string;
  readonly description: string;
  readonly allowedMemberTypes: readonly string[];
  readonly isEnabled: boolean;
}

/** What the Azure CLI asks for, when it asks in the name of who is signed in to it. */
interface Scope {
  readonly id: string;
  readonly value: string;
  readonly type: "User";
  readonly isEnabled: boolean;
  readonly adminConsentDisplayName: string;
  readonly adminConsentDescription: string;
}

interface PreAuthorized {
  readonly appId: string;
  readonly delegatedPermissionIds: readonly string[];
}

/** The parts of an application that Parcours sees to; whatever else somebody set stays as it is. */
export interface Application {
  readonly identifierUris?: readonly string[];
  readonly appRoles?: readonly AppRole[];
  readonly api?: {
    readonly requestedAccessTokenVersion?: number | null;
    readonly oauth2PermissionScopes?: readonly Scope[];
    readonly preAuthorizedApplications?: readonly PreAuthorized[];
  };
  readonly web?: {
    readonly redirectUriSettings?: unknown;
    readonly redirectUris?: readonly string[];
    readonly implicitGrantSettings?: { readonly enableIdTokenIssuance?: boolean };
  };
}

/** Each may do what those before it may; the names are those of shared/use-cases/access.ts. */
export const APP_ROLES: readonly AppRole[] = [
  role("f1c8a7b2-6d0e-4f53-9a51-0b7c2d9e4a01", "reader", "Sees journeys, runs and why"),
  role("f1c8a7b2-6d0e-4f53-9a51-0b7c2d9e4a02", "author", "Writes and publishes triggers, journeys, mails and surveys"),
  role("f1c8a7b2-6d0e-4f53-9a51-0b7c2d9e4a03", "operator", "Stops, pauses and moves runs; replays what was parked"),
  role("f1c8a7b2-6d0e-4f53-9a51-0b7c2d9e4a04", "admin", "Reads the audit, and takes definitions and data out and in"),
];

function role(id: string, value: string, description: string): AppRole {
  const displayName = `Parcours ${value}`;
  return { id, value, displayName, description, allowedMemberTypes: ["User", "Application"], isEnabled: true };
}

/** The Azure CLI, of every tenant. */
const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const SCOPE: Scope = {
  id: "f1c8a7b2-6d0e-4f53-9a51-0b7c2d9e4a05",
  value: "user_impersonation",
  type: "User",
  isEnabled: true,
  adminConsentDisplayName: "Use Parcours as the person who is signed in",
  adminConsentDescription: "With the roles that the person has, and no others.",
};

/** Where Entra ID sends people back to, of each address that the app is known by. */
export function redirectUris(addresses: readonly string[]): string[] {
  return [...new Set(addresses.map((address) => `${address.replace(/\/+$/, "")}/.auth/login/aad/callback`))].sort();
}

/**
 * What has to change next of an application, so that it is as Parcours needs it; undefined if nothing has. Roles and
 * addresses that others added stay. One thing comes in a second step: who may use a scope, once the scope is there.
 */
export function changesTo(now: Application, clientId: string, addresses: readonly string[]): Application | undefined {
  const { redirectUriSettings: _sameAgain, ...web } = now.web ?? {};
  const others = (now.appRoles ?? []).filter(({ id }) => !APP_ROLES.some((one) => one.id === id));
  const wanted: Required<Application> = {
    identifierUris: [...new Set([...(now.identifierUris ?? []), `api://${clientId}`])].sort(),
    appRoles: [...APP_ROLES, ...others],
    api: apiOf(now.api ?? {}),
    web: {
      ...web,
      redirectUris: [...new Set([...(web.redirectUris ?? []), ...redirectUris(addresses)])].sort(),
      // App Service asks for an id token along with the code.
      implicitGrantSettings: { ...web.implicitGrantSettings, enableIdTokenIssuance: true },
    },
  };
  const parts = ["identifierUris", "appRoles", "api", "web"] as const;
  const differing = parts.filter((part) => !holds(now[part], wanted[part]));
  return differing.length === 0 ? undefined : Object.fromEntries(differing.map((part) => [part, wanted[part]]));
}

function apiOf(now: NonNullable<Application["api"]>): NonNullable<Application["api"]> {
  const scopes = now.oauth2PermissionScopes ?? [];
  const others = (now.preAuthorizedApplications ?? []).filter(({ appId }) => appId !== AZURE_CLI);
  const hasScope = scopes.some(({ id }) => id === SCOPE.id);
  return {
    ...now,
    requestedAccessTokenVersion: 2,
    oauth2PermissionScopes: hasScope ? scopes : [...scopes, SCOPE],
    ...(hasScope
      ? { preAuthorizedApplications: [...others, { appId: AZURE_CLI, delegatedPermissionIds: [SCOPE.id] }] }
      : {}),
  };
}

/** Whether everything wanted is there already, whatever else is; lists in any order. */
function holds(now: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(now) || now.length !== wanted.length) return false;
    return wanted.every((one) => now.some((other) => holds(other, one)));
  }
  if (typeof wanted !== "object" || wanted === null) return now === wanted;
  if (typeof now !== "object" || now === null) return false;
  return Object.entries(wanted).every(([name, value]) => holds((now as Record<string, unknown>)[name], value));
}
