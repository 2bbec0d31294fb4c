import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What a page is judged on: size of the screen and the reader's light. */
export const LOOKS = [
  ["a desktop, light", { width: 1280, height: 850 }, "light"],
  ["a desktop, dark", { width: 1280, height: 850 }, "dark"],
  ["a phone, light", { width: 360, height: 740 }, "light"],
  ["a phone, dark", { width: 360, height: 740 }, "dark"],
] as const;

/** A browser without a window that judges pages, one after the other in one tab. */
export class Examiner {
  readonly browser: Browser;
  readonly #page: Page;

  private constructor(browser: Browser, page: Page) {
    this.browser = browser;
    this.#page = page;
  }

  /** Fails with what to do where there is no browser. */
  static async open(): Promise<Examiner> {
    if (!existsSync(CHROMIUM))
      throw new Error(`no Chromium at ${CHROMIUM}: install it (apt-get install chromium) or set CHROMIUM to its path`);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    const page = await browser.newPage();
    // It takes effect from the next document on, and content that is set keeps the document.
    await page.addInitScript({ content: AXE });
    await page.goto("about:blank");
    return new Examiner(browser, page);
  }

  /** All that is wrong with a page, in words: faults that axe finds, and content wider than the screen. */
  async faultsOf(
    shown: { readonly html: string } | { readonly url: string },
    [, viewport, colorScheme]: (typeof LOOKS)[number],
  ): Promise<string[]> {
    await this.#page.setViewportSize(viewport);
    await this.#page.emulateMedia({ colorScheme });
    if ("url" in shown) await this.#page.goto(shown.url);
    else await this.#page.setContent(shown.html);
    const { violations } = await this.#page.evaluate<AxeResult>("axe.run({ resultTypes: ['violations'] })");
    const tooWide = await this.#page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    return [
      ...violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`),
      ...(tooWide > 0 ? [`${tooWide} px wider than the screen`] : []),
    ];
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}
