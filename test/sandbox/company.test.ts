import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import {
  ACCOUNTS,
  APPLICATIONS,
  addressOf,
  CASES,
  CODES,
  CONTRACTS,
  LEADS,
  ORDERS,
  PEOPLE,
} from "../../sandbox/company/company.ts";

const DEFINITIONS = new URL("../../sandbox/definitions/", import.meta.url);

describe("Atelier Boréal", () => {
  it("has 24 contacts, 4 accounts, 60 cases, 12 orders, 8 leads, 5 contracts and ten applications", () => {
    const sizes = [PEOPLE, ACCOUNTS, CASES, ORDERS, LEADS, CONTRACTS, APPLICATIONS].map(({ length }) => length);
    expect(sizes).toEqual([24, 4, 60, 12, 8, 5, 10]);
  });

  it("speaks French and English to people with accents and apostrophes in their names", () => {
    expect(new Set(PEOPLE.map(({ ab_langue }) => ab_langue))).toEqual(new Set(["fr", "en"]));
    expect(PEOPLE.map(({ lastname }) => lastname)).toEqual(
      expect.arrayContaining(["O’Connor", "L’Hostis", "D’Almeida"]),
    );
    expect(addressOf("maelle")).toBe("maelle.lhostis@example.com");
    expect(new Set(PEOPLE.map(({ key }) => addressOf(key))).size).toBe(PEOPLE.length);
  });

  it("gives every order lines, and its pool twenty codes of which the history uses sixteen", () => {
    expect(ORDERS.every(({ lines }) => lines.length > 0)).toBe(true);
    const dissatisfied = CASES.filter(({ answer }) => answer !== undefined && answer[0] <= 2);
    expect([new Set(CODES).size, dissatisfied.length]).toEqual([20, 16]);
  });

  it("writes every mail and survey in French and in English", () => {
    for (const kind of ["mails", "surveys"])
      for (const file of readdirSync(new URL(`${kind}/`, DEFINITIONS))) {
        const document = JSON.parse(readFileSync(new URL(`${kind}/${file}`, DEFINITIONS), "utf8"));
        expect([file, Object.keys(document.variants).sort()]).toEqual([file, ["en", "fr"]]);
      }
  });
});
