import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A browser without a window. Fails with what to do where there is none. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM))
    throw new Error(`no Chromium at ${CHROMIUM}: install it (apt-get install chromium) or set CHROMIUM to its path`);
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}

/** What a page is judged on: size of the screen and the reader's light. */
export const LOOKS = [
  ["a desktop, light", { width: 1280, height: 850 }, "light"],
  ["a desktop, dark", { width: 1280, height: 850 }, "dark"],
  ["a phone, light", { width: 360, height: 740 }, "light"],
  ["a phone, dark", { width: 360, height: 740 }, "dark"],
] as const;

/** All that is wrong with a page, in words: faults that axe finds, and content wider than the screen. */
export async function faultsOf(
  browser: Browser,
  shown: { readonly html: string } | { readonly url: string },
  [, viewport, colorScheme]: (typeof LOOKS)[number],
): Promise<string[]> {
  const context = await browser.newContext({ viewport, colorScheme, bypassCSP: true });
  try {
    const page = await context.newPage();
    if ("url" in shown) await page.goto(shown.url);
    else await page.setContent(shown.html);
    await page.addScriptTag({ content: AXE });
    const { violations } = await page.evaluate<AxeResult>("axe.run()");
    const tooWide = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    return [
      ...violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`),
      ...(tooWide > 0 ? [`${tooWide} px wider than the screen`] : []),
    ];
  } finally {
    await context.close();
  }
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}
