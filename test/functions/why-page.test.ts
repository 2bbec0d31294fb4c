import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Company } from "../journeys/company.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { Examiner, LOOKS } from "./pages/browser.ts";

describe("the page that says why", () => {
  let stack: Stack;
  let company: Company;
  let examiner: Examiner;
  let sent: string;
  let cancelled: string;
  beforeAll(async () => {
    examiner = await Examiner.open();
    stack = await startStack({ settings: { PARCOURS_RECONCILE: "off" } });
    company = await Company.open(stack.http);
    const [camille, hugo] = [await company.person("Camille"), await company.person("Hugo", { donotbulkemail: true })];
    [sent, cancelled] = [await company.openCase(camille.id), await company.openCase(hugo.id)];
    await company.http.resolve(sent);
    await company.http.update("incidents", cancelled, { statecode: 2, statuscode: 6 });
    await company.quiet();
  }, 120_000);
  afterAll(async () => {
    await examiner?.close();
    await stack.stop();
  });

  const path = (about: string, more = "&lang=en") => `/why?about=${encodeURIComponent(about)}${more}`;
  const text = async (of: string): Promise<string> => (await fetch(`${stack.http.at.app}${of}`)).text();

  it("is one box, and runs no script", async () => {
    const response = await fetch(`${stack.http.at.app}/why?lang=fr`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    const html = await response.text();
    expect(html).toContain('<label for="about">De qui ou de quoi s’agit-il</label>');
    expect(html).not.toContain("<script");
    expect(await text("/?lang=en")).toContain('<a href="/why">Why?</a>');
  });

  it("says the answer first, then what would change it, then the chain, and keeps what was asked", async () => {
    const html = await text(path(`incident:${cancelled}`, "&lang=fr&journey=after-the-case"));
    expect(html).toMatch(
      /class="answer">Pas d’entrée dans «\u00a0Après l’incident\u00a0» pour Hugo.*Statut est Annulé/,
    );
    expect(html.indexOf("Ce qui y changerait")).toBeLessThan(html.indexOf("Pas à pas"));
    expect(html).toContain(`value="incident:${cancelled}"`);
    expect(html).toContain('<option value="after-the-case" selected>');
    expect(html).toContain(`format=text`);
  });

  it("offers a list where several are meant, and says where nobody is", async () => {
    await company.person("Hugo");
    const html = await text(path("Hugo"));
    expect(html).toContain("Several are called so: which one?");
    expect(html).toMatch(/<li><a href="\/why\?about=contact%3A[0-9a-f-]+&amp;lang=en">Contact Hugo/);
    expect(await text(path("<b>nobody</b>"))).toContain("Nobody and nothing of that name is known here.");
    expect(await text(path("<b>nobody</b>"))).not.toContain("<b>nobody");
  });

  it.each(LOOKS)("has no fault that axe finds, and fits, on %s", async (...look) => {
    const faults: Record<string, string[]> = {};
    for (const of of [
      "/why?lang=en",
      path(`incident:${sent}`, "&lang=fr"),
      path(`incident:${cancelled}`),
      path("Hugo"),
      path(`incident:${sent}`, "&lang=fr&twice=1"),
      path("salesorder:5c0e1f1a-0000-4000-8000-00000000e001", "&lang=fr"),
    ]) {
      const found = await examiner.faultsOf({ url: `${stack.http.at.app}${of}` }, look);
      if (found.length > 0) faults[of] = found;
    }
    expect(faults).toEqual({});
  });
});
