/** The header that App Service authentication puts in front of the app, for somebody with these app roles. */
export function principal(...roles: readonly string[]): Record<string, string> {
  return header({
    auth_typ: "aad",
    name_typ: "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    role_typ: "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
    claims: [
      {
        typ: "http://schemas.microsoft.com/identity/claims/objectidentifier",
        val: "5c0e1f1a-0000-4000-8000-00000000a001",
      },
      { typ: "preferred_username", val: "mona@example.com" },
      ...roles.map((val) => ({ typ: "roles", val })),
    ],
  });
}

export function header(claims: unknown): Record<string, string> {
  return { "x-ms-client-principal": Buffer.from(JSON.stringify(claims)).toString("base64") };
}
