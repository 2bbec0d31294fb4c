import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ROLES, type RouteRole } from "../../../shared/use-cases/access.ts";
import { type Stack, startStack } from "../../support/stack.ts";
import { declaredEndpoints } from "./declared.ts";
import { header, principal } from "./principal.ts";
import { filledIn, type ServedRoute, servedRoutes } from "./routes.ts";

/** Answers everybody, and why that is right. Whatever else is open fails the tests. */
const EVERYBODY: Readonly<Record<string, string>> = {
  health: "a load balancer has no account; it says nothing but that the app is up",
  ready:
    "a monitor has no account; it says which part answers, in words of ours, and is asked every ten seconds at most",
  "allow-events": "a browser asks for it before it sends anything, a key least of all; it says which origins may send",
};

/** Has a key or a signed token of its own: what it answers to whoever shows none, and why. */
const KEYED: Readonly<Record<string, { readonly status: number; readonly why: string }>> = {
  "dataverse-webhook": { status: 401, why: "Dataverse shows the webhook's key" },
  "example-webhook": { status: 401, why: "Dataverse shows the webhook's key" },
  "receive-events": { status: 401, why: "systems and pages show a key" },
  unsubscribe: { status: 404, why: "the link in the mail is signed; a stranger's says nothing of anybody" },
  "unsubscribe-show": { status: 404, why: "the link in the mail is signed; a stranger's says nothing of anybody" },
  "survey-show": { status: 404, why: "the link in the mail is signed; to others there is no such survey" },
  "survey-answer": { status: 404, why: "the link in the mail is signed; to others there is no such survey" },
};

const CHANGING = ["POST", "PUT", "PATCH", "DELETE"];

const endpoints = await declaredEndpoints();
const roles = new Map<string, RouteRole>(endpoints.map(({ name, role }) => [name, role]));
const isForPeople = ({ name }: ServedRoute): boolean => !(name in EVERYBODY) && !(name in KEYED);

function ask(stack: Stack, route: Pick<ServedRoute, "method" | "path">, headers: Record<string, string> = {}) {
  const body = CHANGING.includes(route.method) ? { body: "{}" } : {};
  return fetch(`${stack.http.at.app}${filledIn(route.path)}`, { method: route.method, headers, ...body });
}

/** What each route answers to these headers. */
async function statuses(
  stack: Stack,
  routes: readonly ServedRoute[],
  headersOf: (route: ServedRoute) => Record<string, string>,
) {
  const answers: Record<string, number> = {};
  for (const route of routes)
    answers[`${route.method} ${route.name}`] = (await ask(stack, route, headersOf(route))).status;
  return answers;
}

const all = (routes: readonly ServedRoute[], status: number) =>
  Object.fromEntries(routes.map(({ method, name }) => [`${method} ${name}`, status]));

describe("with the platform's sign-in", () => {
  let stack: Stack;
  let served: readonly ServedRoute[];
  let people: readonly ServedRoute[];
  beforeAll(async () => {
    stack = await startStack({ settings: { PARCOURS_OPEN: "", PARCOURS_SIGN_IN: "platform" } });
    served = servedRoutes(stack.platform);
    people = served.filter(isForPeople);
  });
  afterAll(() => stack.stop());

  it("every HTTP function that the host serves was declared with a role, and none twice", () => {
    expect(served.length).toBeGreaterThan(25);
    const names = endpoints.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(served.map(({ name }) => name))).toEqual(new Set(names));
  });

  it("only the exceptions named here are for everybody, or have keys of their own", () => {
    const named = (role: RouteRole) => endpoints.flatMap((one) => (one.role === role ? [one.name] : []));
    expect(named("everybody").sort()).toEqual(Object.keys(EVERYBODY).sort());
    expect(named("keyed").sort()).toEqual(Object.keys(KEYED).sort());
  });

  it("who is not signed in is refused by every route for people", async () => {
    expect(await statuses(stack, people, () => ({}))).toEqual(all(people, 401));
  });

  it("a header that names nobody is refused by every route for people", async () => {
    const nobody = header({ auth_typ: "aad", claims: [{ typ: "roles", val: "admin" }] });
    expect(await statuses(stack, people, () => nobody)).toEqual(all(people, 401));
  });

  it.each([
    ["is no base64", { "x-ms-client-principal": "***" }],
    ["is no JSON", { "x-ms-client-principal": Buffer.from("admin").toString("base64") }],
    ["has no claims", header({ userId: "x", userRoles: ["admin"] })],
    ["is far too long", { "x-ms-client-principal": "A".repeat(10_000) }],
  ])("a header that %s is nobody's", async (_what, headers) => {
    expect((await ask(stack, { method: "GET", path: "/api/journeys" }, headers)).status).toBe(401);
  });

  it("who is signed in without a role of Parcours is refused by every route for people", async () => {
    expect(await statuses(stack, people, () => principal())).toEqual(all(people, 403));
    expect(await statuses(stack, people, () => principal("Global Administrator", "Admin"))).toEqual(all(people, 403));
  });

  it("who has the role below is refused by every route", async () => {
    const above = people.filter(({ name }) => roles.get(name) !== "reader");
    expect(above.length).toBeGreaterThan(10);
    expect(await statuses(stack, above, (route) => principal(below(route)))).toEqual(all(above, 403));
  });

  it("who has the role, or one above it, is let in by every route", async () => {
    for (const caller of [(route: ServedRoute) => principal(roles.get(route.name) ?? ""), () => principal("admin")]) {
      const answers = await statuses(stack, people, caller);
      expect(Object.entries(answers).filter(([, status]) => status === 401 || status === 403)).toEqual([]);
    }
  });

  it("routes with keys refuse whoever shows none, or a wrong one, whoever signed in", async () => {
    const keyed = served.filter(({ name }) => name in KEYED);
    const refused = Object.fromEntries(keyed.map(({ method, name }) => [`${method} ${name}`, KEYED[name]?.status]));
    expect(await statuses(stack, keyed, () => ({}))).toEqual(refused);
    expect(await statuses(stack, keyed, () => ({ "x-parcours-key": "wrong", ...principal("admin") }))).toEqual(refused);
  });

  it("no page of another site changes anything in the name of who is signed in", async () => {
    const changing = people.filter(({ method }) => CHANGING.includes(method));
    expect(changing.length).toBeGreaterThan(8);
    const admin = principal("admin");
    for (const headers of [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://elsewhere.example" },
      { origin: "null" },
      { origin: `${stack.http.at.app}0` },
    ])
      expect(await statuses(stack, changing, () => ({ ...admin, ...headers }))).toEqual(all(changing, 403));
    const reason = await ask(stack, { method: "POST", path: "/api/journeys/x/gate" }, { ...admin, origin: "null" });
    expect(await reason.json()).toEqual({ problem: "a page of another site may not change anything here" });
  });

  it("our own page, and what is no browser, may change what their role allows; reading has no such check", async () => {
    const gate = { method: "POST", path: "/api/journeys/{slug}/gate" };
    const admin = principal("admin");
    for (const headers of [
      {},
      { "sec-fetch-site": "same-origin", origin: stack.http.at.app },
      { "sec-fetch-site": "none" },
    ])
      expect((await ask(stack, gate, { ...admin, ...headers })).status).toBe(400);
    const link = { ...admin, "sec-fetch-site": "cross-site" };
    expect((await ask(stack, { method: "GET", path: "/api/journeys" }, link)).status).toBe(200);
  });

  it("a refusal says what to do: the API as JSON, a page with a link to sign in", async () => {
    const journeys = { method: "GET", path: "/api/audit" };
    expect(await (await ask(stack, journeys)).json()).toEqual({ problem: "sign in first: /.auth/login/aad" });
    expect(await (await ask(stack, journeys, principal("author"))).json()).toEqual({
      problem: expect.stringMatching(/needs the role admin, and you have the role author/),
    });
    const page = await (await ask(stack, { method: "GET", path: "/runs/x" })).text();
    expect(page).toContain('href="/.auth/login/aad?post_login_redirect_uri=%2Fruns%2Fx"');
    const refused = await (await ask(stack, { method: "GET", path: "/" }, principal())).text();
    expect(refused).toContain("no role in Parcours");
  });

  it("people are told who they are and what they may", async () => {
    const answer = await ask(stack, { method: "GET", path: "/api/me" }, principal("author", "Other app's role"));
    expect(await answer.json()).toEqual({
      ...{ id: "5c0e1f1a-0000-4000-8000-00000000a001", name: "mona@example.com" },
      roles: ["author"],
    });
  });

  it("no browser or proxy keeps what people are answered", async () => {
    for (const route of people.filter(({ method }) => method === "GET")) {
      const { headers } = await ask(stack, route, principal("admin"));
      expect({ ...route, kept: headers.get("cache-control"), guess: headers.get("x-content-type-options") }).toEqual({
        ...route,
        kept: "no-store",
        guess: "nosniff",
      });
    }
  });

  it("the OpenAPI document names the role of each route, and that it may refuse", async () => {
    const answer = await ask(stack, { method: "GET", path: "/api/openapi.json" }, principal("reader"));
    const { paths } = (await answer.json()) as { paths: Record<string, Record<string, Record<string, object>>> };
    expect(paths["/api/journeys/{slug}/gate"]?.post).toMatchObject({ "x-role": "operator" });
    expect(paths["/api/journeys/{slug}/gate"]?.post?.responses).toHaveProperty("401");
    expect(paths["/api/health"]?.get).not.toHaveProperty("x-role");
  });
});

/** The role just below what the route asks for. */
function below({ name }: ServedRoute): string {
  const ordered: readonly RouteRole[] = ROLES;
  return ordered[ordered.indexOf(roles.get(name) ?? "reader") - 1] ?? "";
}

describe("where nothing says that the platform signs people in", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ settings: { PARCOURS_OPEN: "", PARCOURS_SIGN_IN: "" } });
  });
  afterAll(() => stack.stop());

  it("every route for people refuses, and a header that says who one is counts for nothing", async () => {
    const people = servedRoutes(stack.platform).filter(isForPeople);
    expect(await statuses(stack, people, () => ({}))).toEqual(all(people, 403));
    expect(await statuses(stack, people, () => principal("admin"))).toEqual(all(people, 403));
  });

  it("a refusal says why: the API as JSON, a page in the reader's language", async () => {
    const api = await ask(stack, { method: "GET", path: "/api/openapi.json" });
    expect(await api.json()).toEqual({ problem: expect.stringContaining("PARCOURS_OPEN=local") });
    for (const path of ["/", "/runs/x"]) {
      const page = await ask(stack, { method: "GET", path }, { "accept-language": "fr" });
      expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(await page.text()).toContain("Page fermée ici");
    }
  });

  it("health says nothing but that the app is up", async () => {
    const health = await ask(stack, { method: "GET", path: "/api/health" });
    expect(await health.json()).toEqual({ status: "up" });
  });
});
