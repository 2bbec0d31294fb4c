import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { linksOf, withTrackedLinks } from "../../../local/communication/mail-body.ts";
import { languageOf } from "../../../local/communication/mailbox-words.ts";
import { Examiner, LOOKS } from "../../functions/pages/browser.ts";
import { type Bench, mailTo, startBench } from "./start.ts";

let bench: Bench;
let examiner: Examiner;
let message: string;
beforeAll(async () => {
  bench = await startBench();
  examiner = await Examiner.open();
  await bench.client.beginSend(
    mailTo("camille@example.com", {
      content: {
        subject: "<i>Votre avis</i>",
        plainText: "Bonjour",
        html: `<p>Bonjour <a href="${bench.url}/?to=answered&amp;x=1">Répondre</a></p><script>document.title = "ran"</script>`,
      },
      headers: {
        "List-Unsubscribe": `<mailto:x@example.com>, <${bench.url}/faults>`,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      },
    }),
  );
  await bench.client.beginSend(mailTo("anais+bounce@example.com"));
  message = `${bench.url}/messages/${(await bench.mails())[0]?.id}`;
});
afterAll(async () => {
  await examiner?.close();
  await bench.stop();
});

const get = async (url: string, language = "en") => {
  const answer = await fetch(url, { headers: { "accept-language": language } });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

describe("the mailbox's page", () => {
  it("says in the reader's language that no mail leaves the machine", async () => {
    expect((await get(bench.url)).text).toContain("No mail leaves this machine");
    expect((await get(bench.url, "fr-CA,fr;q=0.9,en;q=0.5")).text).toContain("Aucun e-mail ne quitte cette machine");
  });

  it("lists who got what and what became of it, and narrows to a part of an address", async () => {
    const { text } = await get(bench.url);
    expect(text).toContain("camille@example.com");
    expect(text).toContain("Bounced");
    const narrowed = await get(`${bench.url}/?to=anais`);
    expect(narrowed.text).not.toContain("camille@example.com");
  });

  it("escapes what a mail says, and runs no script", async () => {
    const { text, headers } = await get(message);
    expect(text).toContain("&lt;i&gt;Votre avis&lt;/i&gt;");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("offers the one-click unsubscribe of the mail", async () => {
    expect((await get(message)).text).toContain(`action="${bench.url}/faults"`);
  });

  it("says so where a mail is not there", async () => {
    const { status, text } = await get(`${bench.url}/messages/none`);
    expect(status).toBe(404);
    expect(text).toContain("does not exist");
  });

  it("shows the mail in a frame where its script does not run and its link opens and reports a click", async () => {
    const page = await examiner.browser.newPage();
    await page.goto(message);
    const link = page.frameLocator("iframe").getByRole("link", { name: "Répondre" });
    const [opened] = await Promise.all([page.waitForEvent("popup"), link.click()]);
    await opened.waitForURL("**/?to=answered&x=1");
    await page.reload();
    expect(await page.title()).toContain("Votre avis");
    expect(await page.frames()[1]?.title()).toBe("");
    await page.getByRole("button", { name: "Report as opened" }).click();
    await page.waitForURL(message);
    await bench.clock.quiet();
    const kinds = bench.reports.map(({ data }) => ("engagementType" in data ? data.engagementType : data.status));
    expect(kinds).toEqual(["Delivered", "Bounced", "click", "view"]);
    await page.close();
  });

  it.each(LOOKS)("has no fault that axe finds on %s", async (...look) => {
    for (const url of [`${bench.url}/`, message, `${bench.url}/?to=nobody`, `${bench.url}/messages/none`])
      expect(await examiner.faultsOf({ url }, look)).toEqual([]);
  });
});

describe("links of a mail", () => {
  it("are found in HTML with their entities read, whatever the quotes, but not those that are no web links", () => {
    const html = `<A class=x HREF='https://a.fr/?a=1&amp;b=2'>1</A><a href="mailto:x@y.fr">2</a><a href=https://b.fr target=_top>3</a>`;
    expect(linksOf({ html, text: "" })).toEqual(["https://a.fr/?a=1&b=2", "https://b.fr"]);
    const tracked = withTrackedLinks(html, (n) => `/links/${n}`);
    expect(tracked).toContain('<a href="/links/0" target="_blank" rel="noopener" class=x>');
    expect(tracked).toContain('<a href="mailto:x@y.fr">');
    expect(tracked).toContain('<a href="/links/1" target="_blank" rel="noopener">3');
  });

  it("are found in a mail that has text only", () => {
    expect(linksOf({ html: "", text: "Answer (https://a.fr/x) or <https://b.fr>" })).toEqual([
      "https://a.fr/x",
      "https://b.fr",
    ]);
  });
});

describe("the language of the page", () => {
  it.each([
    ["fr", "fr"],
    ["fr-CH, fr;q=0.9, en;q=0.8", "fr"],
    ["de, en;q=0.5, fr;q=0.8", "fr"],
    ["de", "en"],
    ["fr;q=0", "en"],
    [undefined, "en"],
  ])("for %s is %s", (asked, language) => expect(languageOf(asked)).toBe(language));
});
