import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Language } from "../../../functions/pages/page.ts";
import { renderNoRun, renderRun } from "../../../functions/pages/run-page.ts";
import { renderRuns } from "../../../functions/pages/status-page.ts";
import { renderSurvey } from "../../../functions/pages/survey-page.ts";
import { renderUnsubscribe } from "../../../functions/pages/unsubscribe-page.ts";
import { Examiner, LOOKS } from "./browser.ts";
import { runsView, runView, surveyView } from "./samples.ts";

let examiner: Examiner;
beforeAll(async () => {
  examiner = await Examiner.open();
});
afterAll(() => examiner?.close());

const pages = (language: Language): Readonly<Record<string, string>> => ({
  survey: renderSurvey(surveyView(language)),
  "survey that lacks an answer": renderSurvey({ ...surveyView(language), missing: ["recommend"] }),
  thanks: renderSurvey({ kind: "thanks", language }),
  unsubscribe: renderUnsubscribe({ language, kind: "asked", action: "/unsubscribe/abc.def" }),
  unsubscribed: renderUnsubscribe({ language, kind: "done", action: "/unsubscribe/abc.def" }),
  "list of runs": renderRuns(runsView(language)),
  "empty list": renderRuns({ language, counts: [], runs: [], filter: {} }),
  run: renderRun(runView(language)),
  "no run": renderNoRun(language),
});

it("a page with faults is found out, so that no finding means something", async () => {
  const html = '<p style="color:#aaa;width:2000px">faint</p><img src="data:,">';
  const faults = await examiner.faultsOf({ html }, LOOKS[0]);
  for (const fault of ["color-contrast", "image-alt", "html-has-lang", "wider than the screen"])
    expect(faults).toContainEqual(expect.stringContaining(fault));
});

describe.each(["en", "fr"] as const)("the pages in %s", (language) => {
  it.each(LOOKS)("have no fault that axe finds, and fit, on %s", async (...look) => {
    const faults: Record<string, string[]> = {};
    for (const [name, html] of Object.entries(pages(language))) {
      const found = await examiner.faultsOf({ html }, look);
      if (found.length > 0) faults[name] = found;
    }
    expect(faults).toEqual({});
  });
});

describe("the survey", () => {
  it("is answered by keyboard alone", async () => {
    const page = await examiner.browser.newPage();
    const posted = new Promise<string | null>((resolve) => {
      void page.route("**/survey/abc.def", (route) => {
        if (route.request().method() === "POST") resolve(route.request().postData());
        return route.fulfill({ contentType: "text/html", body: renderSurvey(surveyView()) });
      });
    });
    await page.goto("http://survey.invalid/survey/abc.def");
    for (const key of ["Tab", "ArrowDown", "Tab", "Space", "Tab", "H", "i", "Tab", "Enter"])
      await page.keyboard.press(key);
    expect(await posted).toBe("satisfaction=4&recommend=0&comment=Hi");
    await page.close();
  });

  it("is not sent while a rating is not answered", async () => {
    const page = await examiner.browser.newPage();
    await page.setContent(renderSurvey(surveyView()));
    await page.getByRole("button").click();
    expect(await page.evaluate("document.querySelector('form').checkValidity()")).toBe(false);
    expect(page.url()).toBe("about:blank");
    await page.close();
  });
});
