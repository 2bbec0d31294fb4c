import { describe, expect, it } from "@jest/globals";
import { compileRoute } from "../../../local/host/route-template.ts";

describe("a route template", () => {
  it.each<[string, string, Record<string, string> | undefined]>([
    ["api/orders", "api/orders", {}],
    ["api/orders", "API/Orders/", {}],
    ["api/orders", "api/orders/1", undefined],
    ["orders/{id}", "orders/a%20b", { id: "a b" }],
    ["orders/{id}", "orders/a%2Fb%3A%zz", { id: "a%2Fb:%zz" }],
    ["caf\u00e9/{id}", "caf%C3%A9/1", { id: "1" }],
    ["orders/{id}", "orders/", undefined],
    ["orders/{id}/lines/{line}", "orders/1/lines/2", { id: "1", line: "2" }],
    ["orders/{id?}", "orders", {}],
    ["orders/{id?}", "orders/7", { id: "7" }],
    ["orders/{id=first}", "orders", { id: "first" }],
    ["orders/{id:int=3}", "orders", { id: "3" }],
    ["{*rest}", "", {}],
    ["{*rest}", "a/b/c", { rest: "a/b/c" }],
    ["files/{*path}", "files", {}],
    ["files/{**path}", "files/a/b", { path: "a/b" }],
    ["{name}.{ext}", "report.final.pdf", { name: "report", ext: "final.pdf" }],
    ["v{version:int}/x", "v2/x", { version: "2" }],
    ["/", "", {}],
    ["/", "a", undefined],
  ])("%s against %s", (template, path, params) => {
    expect(compileRoute(template)(path)).toEqual(params);
  });

  it.each([
    ["int", ["0", "-12"], ["a", "1.5", "99999999999"]],
    ["long", ["99999999999", "-1"], ["99999999999999999999", "x"]],
    ["bool", ["true", "FALSE"], ["1"]],
    ["guid", ["cd2c1638-1638-72d5-1638-deadbeef1638"], ["cd2c1638"]],
    ["decimal", ["1", "1.5"], ["x"]],
    ["datetime", ["2026-11-22", "2026-11-22T10:00"], ["soon"]],
    ["alpha", ["abc"], ["a1", "é"]],
    ["minlength(2)", ["ab"], ["a"]],
    ["length(2)", ["ab"], ["a", "abc"]],
    ["length(1,2)", ["a", "ab"], ["abc"]],
    ["min(3)", ["3"], ["2", "x"]],
    ["max(3)", ["3"], ["4"]],
    ["range(3,5)", ["4"], ["6"]],
    ["regex(^\\d{{3}}-x$)", ["123-x"], ["12-x"]],
    ["int:min(5)", ["5"], ["4", "x"]],
  ])("the constraint %s", (constraint, fits, not) => {
    const match = compileRoute(`{value:${constraint}}`);
    for (const value of fits) expect(match(value)).toEqual({ value });
    for (const value of not) expect(match(value)).toBeUndefined();
  });

  it.each(["b/{x", "b/x}"])("refuses %s, whose braces do not match", (template) => {
    expect(() => compileRoute(template)).toThrow(template);
  });

  it("refuses a constraint that does not exist", () => {
    expect(() => compileRoute("{id:number}")).toThrow('"number" is no route constraint');
  });
});
