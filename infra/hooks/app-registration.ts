/** An app role of Entra ID. Ids are only unique within one registration, so these serve every environment. */
interface AppRole {
  readonly id: string;
  readonly value: string;
  readonly displayName: string;
  readonly description: string;
  readonly allowedMemberTypes: readonly string[];
  readonly isEnabled: boolean;
}

/** The parts of an application that Parcours sees to; whatever else somebody set stays as it is. */
export interface Application {
  readonly identifierUris?: readonly string[];
  readonly appRoles?: readonly AppRole[];
  readonly api?: { readonly requestedAccessTokenVersion?: number | null };
  readonly web?: {
    readonly redirectUris?: readonly string[];
    readonly implicitGrantSettings?: { readonly enableIdTokenIssuance?: boolean };
  };
}

/** Each may do what those before it may; the names are those of shared/use-cases/access.ts. */
export const APP_ROLES: readonly AppRole[] = [
  role("f1c8a7b2-6d0e-4f53-9a51-0b7c2d9e4a01", "reader", "Sees journeys, runs and why"),
  role("f1c8a7b2-6d0e-4f53-9a51-0b7c2d9e4a02", "author", "Writes and publishes triggers, journeys, mails and surveys"),
  role("f1c8a7b2-6d0e-4f53-9a51-0b7c2d9e4a03", "operator", "Stops, pauses and moves runs; replays what was parked"),
  role("f1c8a7b2-6d0e-4f53-9a51-0b7c2d9e4a04", "admin", "Erases people, sees the audit, changes what everybody may do"),
];

function role(id: string, value: string, description: string): AppRole {
  const displayName = `Parcours ${value}`;
  return { id, value, displayName, description, allowedMemberTypes: ["User", "Application"], isEnabled: true };
}

/** Where Entra ID sends people back to, of each address that the app is known by. */
export function redirectUris(addresses: readonly string[]): string[] {
  return [...new Set(addresses.map((address) => `${address.replace(/\/+$/, "")}/.auth/login/aad/callback`))].sort();
}

/**
 * What has to change of an application, so that it is as Parcours needs it; undefined if nothing has. Roles and
 * addresses that others added stay.
 */
export function changesTo(now: Application, clientId: string, addresses: readonly string[]): Application | undefined {
  const others = (now.appRoles ?? []).filter(({ id }) => !APP_ROLES.some((one) => one.id === id));
  const wanted: Required<Application> = {
    identifierUris: [...new Set([...(now.identifierUris ?? []), `api://${clientId}`])].sort(),
    appRoles: [...APP_ROLES, ...others],
    api: { ...now.api, requestedAccessTokenVersion: 2 },
    web: {
      ...now.web,
      redirectUris: [...new Set([...(now.web?.redirectUris ?? []), ...redirectUris(addresses)])].sort(),
      // App Service asks for an id token along with the code.
      implicitGrantSettings: { ...now.web?.implicitGrantSettings, enableIdTokenIssuance: true },
    },
  };
  const parts = ["identifierUris", "appRoles", "api", "web"] as const;
  const differing = parts.filter((part) => !holds(now[part], wanted[part]));
  return differing.length === 0 ? undefined : Object.fromEntries(differing.map((part) => [part, wanted[part]]));
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
