import { describe, expect, it } from "@jest/globals";
import { partLiteral, textLiteral } from "../../../../shared/adapters/dataverse/text-literal.ts";

describe("a text in a filter of Dataverse", () => {
  it("ends where it should, whatever quotes are in it", () => {
    expect(textLiteral("O'Neil")).toBe("'O''Neil'");
  });

  it("stands for itself where Dataverse would take its characters for wildcards", () => {
    expect(partLiteral("50%_[a]'s")).toBe("'50[%][_][[]a]''s'");
  });
});
