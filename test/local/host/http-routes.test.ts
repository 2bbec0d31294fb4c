import { describe, expect, it } from "@jest/globals";
import type { RegisteredFunction } from "../../../local/host/function-app.ts";
import { httpRoute } from "../../../local/host/http-routes.ts";
import { checkName } from "../../../local/host/supported.ts";

function functionOf(name: string, settings: Record<string, unknown> = {}): RegisteredFunction {
  const trigger = { name: "trigger", type: "httptrigger", settings };
  return { metadata: { name, bindings: {} }, callback: () => undefined, trigger };
}

describe("an HTTP function's route", () => {
  const route = (name: string, settings: Record<string, unknown>, others: ReturnType<typeof httpRoute>[] = []) =>
    httpRoute(functionOf(name, settings), "api", {}, others);
  const first = route("first", { route: "Orders/{id}", methods: ["GET", "PUT"] });

  it("is the function's name where it has none", () => {
    expect(route("orders", {}).template).toBe("api/orders");
  });

  it.each(["/admin/x", "administration", "runtime/x"])("may not be %s: the host keeps such for itself", (path) => {
    expect(() => route("a", { route: path })).toThrow("host keeps for itself");
  });

  it("may not be another function's, for a method that both take", () => {
    expect(() => route("second", { route: "orders/{id}/", methods: ["PUT"] }, [first])).toThrow("function first");
    expect(() => route("second", { route: "orders/{id}" }, [first])).toThrow("function first");
    expect(route("second", { route: "orders/{id}", methods: ["DELETE"] }, [first])).toBeDefined();
    expect(route("second", { route: "orders/{other}", methods: ["GET"] }, [first])).toBeDefined();
  });

  it("has a level that exists", () => {
    expect(route("a", { authLevel: "ADMIN" }).authLevel).toBe("admin");
    expect(() => route("a", { authLevel: "nobody" })).toThrow('"nobody" is none of anonymous, function, admin');
  });
});

describe("a function's name", () => {
  it.each(["a", "send-mail_2", "A".repeat(128)])("may be %s", (name) => {
    expect(() => checkName(functionOf(name))).not.toThrow();
  });

  it.each(["bad name", "2nd", "host", "Host", "A".repeat(129), "é"])("may not be %s", (name) => {
    expect(() => checkName(functionOf(name))).toThrow("not a valid function name");
  });
});
