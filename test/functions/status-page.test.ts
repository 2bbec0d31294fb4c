import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Company } from "../journeys/company.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { Examiner, LOOKS } from "./pages/browser.ts";

const JOURNEY = "after-the-case";

describe("the status page", () => {
  let stack: Stack;
  let company: Company;
  let waiting: string;
  let ended: string;
  let examiner: Examiner;
  beforeAll(async () => {
    examiner = await Examiner.open();
    stack = await startStack();
    company = await Company.open(stack.http);
    const [camille, hugo] = [await company.person("Camille"), await company.person("Hugo", { donotbulkemail: true })];
    const cases = [await company.openCase(camille.id), await company.openCase(hugo.id)];
    for (const incident of cases) await company.http.resolve(incident);
    waiting = (await company.runs(JOURNEY, "live", cases[0]))[0]?.row.state.run ?? "";
    ended = (await company.runs(JOURNEY, "completed", cases[1]))[0]?.row.state.run ?? "";
  });
  afterAll(async () => {
    await examiner?.close();
    await stack.stop();
  });

  const get = (path: string, language = "en"): Promise<Response> =>
    fetch(`${stack.http.at.app}${path}`, { headers: { "accept-language": language } });
  const text = async (path: string, language?: string): Promise<string> => (await get(path, language)).text();

  it("stands at the root, as a page that runs no script and is kept nowhere", async () => {
    const response = await get("/");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect((await get("/no-such-page")).status).toBe(404);
  });

  it("lists who waits for what, and counts each journey's runs by state", async () => {
    const page = await text("/");
    expect(page).toContain("an answer to survey “Après l’incident”");
    expect(page).toMatch(/state=live#runs"><span class="state live">Under way<\/span> <span class="number">1</);
    expect(page).toMatch(
      /state=completed#runs"><span class="state completed">Completed<\/span> <span class="number">1</,
    );
    expect(page).toContain(`/runs/${encodeURIComponent(waiting)}`);
    expect(page).toContain("Times are those of Europe/Paris.");
  });

  it("narrows to a journey and a state, and ignores what makes no sense", async () => {
    const live = await text(`/?journey=${JOURNEY}&state=live`);
    expect(live).toContain(encodeURIComponent(waiting));
    expect(live).not.toContain(encodeURIComponent(ended));
    expect(await text("/?journey=order-ready")).toContain("No run here.");
    expect(await text("/?state=sleeping&next=%00")).toContain(encodeURIComponent(ended));
  });

  it("speaks the language of its reader, or the one that the address names", async () => {
    expect(await text("/", "fr-CA,en")).toContain("une réponse à l’enquête «\u00a0Après l’incident\u00a0»");
    expect(await text("/?lang=fr")).toContain('<html lang="fr">');
    expect(await text(`/runs/${encodeURIComponent(waiting)}?lang=fr`)).toContain("Ce qui s’est passé");
  });

  it("tells of a run in plain sentences what happened, what it waits for and who carries it", async () => {
    const page = await text(`/runs/${encodeURIComponent(waiting)}`);
    expect(page).toContain("Entered by “Statut de l’incident de support mis à jour”");
    expect(page).toContain("Survey “Après l’incident” sent");
    expect(page).toMatch(/<dt>Waits for<\/dt><dd>an answer to survey/);
    expect(page).toMatch(/<dt>Until<\/dt><dd><time datetime="/);
    expect(page).toContain("<dd>Running</dd>");
    const tool = /href="([^"]+\/instances\/[^"]+)"/.exec(page)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect(await (await fetch(tool)).json()).toMatchObject({ instanceId: waiting, runtimeStatus: "Running" });
  });

  it("tells why somebody got no mail, and nothing of the person but the row's id", async () => {
    const page = await text(`/runs/${encodeURIComponent(ended)}`);
    expect(page).toContain("Not sent: the person withdrew consent");
    expect(page).not.toMatch(/hugo|@example/i);
  });

  it("tells of a run on hold what holds it and when that is looked at again, which is no time limit", async () => {
    const lone = { kind: "discount", pool: "empty", next: null };
    const entry = { trigger: "lead-created" };
    await company.publish("journeys", {
      slug: "held",
      name: "Held",
      entry,
      start: "code",
      steps: { code: lone },
    } as never);
    await company.http.create("leads", { lastname: "Essai", emailaddress1: "lead@example.com" });
    const [run] = await company.runs("held", "held");
    const page = await text(`/runs/${encodeURIComponent(run?.row.state.run ?? "")}`);
    expect(page).toContain("On hold: no discount code is left");
    expect(page).toContain("<dd>discount codes: none is left</dd>");
    expect(page).toMatch(/<dt>Next try<\/dt><dd><time/);
    expect(page).not.toContain("<dt>Until</dt>");
  });

  it.each(LOOKS)("has no fault that axe finds, and fits, with what was really there, on %s", async (...look) => {
    const faults: Record<string, string[]> = {};
    for (const path of ["/?lang=en", "/?lang=fr", `/runs/${encodeURIComponent(waiting)}?lang=fr`]) {
      const found = await examiner.faultsOf({ url: `${stack.http.at.app}${path}` }, look);
      if (found.length > 0) faults[path] = found;
    }
    expect(faults).toEqual({});
  });

  it("says so where there is no such run", async () => {
    for (const run of ["contact:00000000-0000-4000-8000-000000000000~0", "nonsense", "<b>", "a~b~c~d"]) {
      const response = await get(`/runs/${encodeURIComponent(run)}`);
      expect({ run, status: response.status }).toEqual({ run, status: 404 });
      expect(await response.text()).toContain("No such run");
    }
  });
});
