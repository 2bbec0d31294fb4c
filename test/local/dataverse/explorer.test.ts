import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Browser, chromium, type Page } from "playwright-core";
import { type Api, type Json, openApi } from "./api.ts";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let api: Api;
let browser: Browser;
let page: Page;
let incident: string;

beforeAll(async () => {
  if (!existsSync(CHROMIUM)) throw new Error(`no Chromium at ${CHROMIUM}: install it or set CHROMIUM to its path`);
  api = await openApi();
  const contact = await api.create("contacts", { firstname: "Oliver", lastname: "O'Neil <b>" });
  incident = await api.create("incidents", {
    title: "Brake & chain",
    "customerid_contact@odata.bind": `/contacts(${contact})`,
  });
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 360, height: 740 } });
  page = await context.newPage();
  page.setDefaultTimeout(5000);
  await page.addInitScript({ content: AXE });
});
afterAll(async () => {
  await browser.close();
  await api.close();
});

function open(hash: string): Promise<unknown> {
  return page.goto(`http://localhost:${api.dataverse.port}/?at=${performance.now()}${hash}`);
}

/** What axe finds, and whether anything is wider than a phone. */
async function faults(): Promise<string[]> {
  const { violations } = await page.evaluate<{ violations: { id: string; help: string }[] }>("axe.run()");
  const tooWide = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
  return [...violations.map(({ id, help }) => `${id}: ${help}`), ...(tooWide > 0 ? [`${tooWide} px too wide`] : [])];
}

describe("the explorer", () => {
  it("finds a row, edits it and resolves the case", async () => {
    await open("#/");
    await page.getByRole("searchbox").fill("brake");
    await page.getByRole("button", { name: "Search" }).click();
    expect(await faults()).toEqual([]);
    await page.getByRole("link", { name: "Brake & chain" }).click();
    await page.getByRole("link", { name: "Oliver O'Neil <b>" }).waitFor();
    expect(await faults()).toEqual([]);
    await page.getByLabel("Priority").selectOption("High");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    expect((await api.call("GET", `incidents(${incident})`)).body).toMatchObject({
      prioritycode: 1,
      title: "Brake & chain",
    });
    await page.getByRole("combobox", { name: "As", exact: true }).selectOption("Information Provided");
    await page.getByRole("button", { name: "Resolve case" }).click();
    await page.getByText("The case is resolved.").waitFor();
    expect((await api.call("GET", `incidents(${incident})`)).body).toMatchObject({ statecode: 1, statuscode: 1000 });
    await page.getByRole("button", { name: "Reactivate" }).click();
    await page.getByRole("button", { name: "Resolve case" }).waitFor();
  });

  it("creates a lead", async () => {
    await open("#/new/lead");
    await page.getByLabel("Topic").fill("E-bike");
    await page.getByLabel("Last Name").fill("Durand");
    expect(await faults()).toEqual([]);
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("Created.").waitFor();
    expect(await api.rows("leads?$filter=subject eq 'E-bike'")).toMatchObject([{ lastname: "Durand" }]);
  });

  it("imports a hundred rows at once", async () => {
    await open("#/import");
    await page.getByLabel("Table").selectOption("Contacts");
    await page.getByRole("button", { name: "A hundred made-up rows" }).click();
    expect(await faults()).toEqual([]);
    await page.getByRole("button", { name: "Import" }).click();
    await page.getByText("100 rows imported.").waitFor();
    expect((await api.call("GET", "contacts/$count")).text).toBe("101");
    expect(await api.rows("contacts?$filter=emailaddress1 eq 'visitor100@example.org'")).toMatchObject([
      { firstname: "Jürgen", lastname: "Durand" },
    ]);
  });

  it("speaks French, with the labels of metadata", async () => {
    await open(`#/incidents/${incident}`);
    await page.getByRole("button", { name: "Français" }).click();
    await page.getByRole("button", { name: "Résoudre l'incident" }).waitFor();
    await page.getByLabel("Raison du statut").waitFor();
    await page.getByRole("link", { name: "Tâches échouées" }).click();
    await page.getByText("Aucune tâche n'a échoué.").waitFor();
    expect(await page.evaluate("document.documentElement.lang")).toBe("fr");
  });

  it("shows what the Web API refuses", async () => {
    const made = (await api.call("POST", "leads", { subject: "x", lastname: "y" }, { Prefer: "return=representation" }))
      .body as Json;
    await open(`#/leads/${String(made.leadid)}`);
    await page.locator("textarea, input").first().waitFor();
    await api.call("PATCH", `leads(${String(made.leadid)})`, { subject: "changed meanwhile" });
    await page.locator("form input").first().fill("mine");
    await page.locator("form button.main").click();
    await page.getByText("doesn't match the RowVersion").waitFor();
  });
});
