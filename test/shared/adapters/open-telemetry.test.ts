import { describe, expect, it, jest } from "@jest/globals";
import fc from "fast-check";
import { lazyMeasure } from "../../../shared/adapters/open-telemetry/lazy.ts";
import { redacted } from "../../../shared/adapters/open-telemetry/redact.ts";
import { SILENT } from "../../../shared/ports/measure.ts";

describe("what is told of a request", () => {
  it.each([
    ["https://x.example/api/dataverse/webhook?code=abc123&y=1", "https://x.example/api/dataverse/webhook?code=…&y=1"],
    ["https://x.example/survey/k1.payload.signature?lang=fr", "https://x.example/survey/…?lang=fr"],
    ["https://x.example/unsubscribe/k1.a.b", "https://x.example/unsubscribe/…"],
    ["Endpoint=sb://x/;SharedAccessKey=abc=;EntityPath=t", "Endpoint=sb://x/;SharedAccessKey=…;EntityPath=t"],
    ["authorization: Bearer eyJ0.eyJ1.sig", "authorization: Bearer …"],
    ['{"x-parcours-key":"abc"}', '{"x-parcours-key":"…"}'],
    ["?sv=1&sig=a%2Bb&se=2", "?sv=1&sig=…&se=2"],
    ["mail to anna.k+1@example.com was refused", "mail to … was refused"],
  ])("%s hides what is secret", (text, shown) => expect(redacted(text)).toBe(shown));

  it("keeps slugs, codes and outcomes as they are", () => {
    for (const text of ["after-the-case", "DATAVERSE_UNAVAILABLE", "case-resolved", "no-consent", "take-step"])
      expect(redacted(text)).toBe(text);
  });

  it("never shows a key of a query, whatever stands around it", () => {
    const word = fc.stringMatching(/^[A-Za-z0-9]{8,40}$/);
    const around = fc.stringMatching(/^[a-z/.]{0,20}$/);
    fc.assert(
      fc.property(word, around, around, fc.constantFrom("code", "sig", "token", "Code"), (key, before, after, name) => {
        expect(redacted(`https://${before}?${name}=${key}&${after}`)).not.toContain(key);
      }),
    );
  });
});

describe("measurements", () => {
  it("are off, and load nothing, where nobody receives", () => {
    expect(lazyMeasure({ otlp: false })).toBe(SILENT);
  });

  it("never keep anybody's work from being done", async () => {
    const said = jest.spyOn(console, "error").mockImplementation(() => undefined);
    // A connection string that the exporter refuses.
    const measure = lazyMeasure({ otlp: false, applicationInsights: { connectionString: "nonsense" } });
    measure.count("parcours.spilled");
    expect(await measure.span("mail sent", { kind: "client" }, async () => "sent")).toBe("sent");
    expect(measure.trace()).toBeUndefined();
    expect(said).toHaveBeenCalledWith("measurements are off:", expect.any(String));
    said.mockRestore();
  });
});
