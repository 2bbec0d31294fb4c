import { describe, expect, it } from "@jest/globals";
import { renderNoRun, renderRun } from "../../../functions/pages/run-page.ts";
import { renderRuns } from "../../../functions/pages/status-page.ts";
import { runsView, runView } from "./samples.ts";

describe("the list of runs", () => {
  it("counts runs by journey and state, each count a link to its list, the shown one marked", () => {
    const text = renderRuns(runsView());
    expect(text).toContain('href="/?journey=after-the-case&amp;state=live#runs" aria-current="true"');
    expect(text).toMatch(/state=held#runs"><span class="state held">On hold<\/span> <span class="number">3</);
    expect(text).toContain("over 1,000");
  });

  it("gives each run its link, state, wait and time limit, in the zone that it names", () => {
    const text = renderRuns(runsView());
    expect(text).toContain('href="/runs/contact%3A6f1c2d3e-0000-4000-8000-000000000001~0a1b2c3d4e5f"');
    expect(text).toContain('<time datetime="2026-11-22T20:08:00.000Z">22 Nov 2026, 21:08</time>');
    expect(text).toContain("an answer to the survey");
    expect(text).toContain("Times are those of Europe/Paris.");
  });

  it("goes on with the older runs of the same list", () => {
    expect(renderRuns(runsView())).toContain(
      'href="/?journey=after-the-case&amp;state=live&amp;next=page%3D2%26x#runs" rel="next"',
    );
  });

  it("says in French what it says in English", () => {
    const text = renderRuns(runsView("fr"));
    for (const word of ["Passages", "En cours", "Retenu", "Objectif atteint", "Attend", "22 nov. 2026"])
      expect(text).toContain(word);
  });

  it("counts no state without runs but the chosen one, and says of a journey that it is paused or stopped", () => {
    const counts = runsView().counts.map((count) => ({ ...count, count: 0, more: false }));
    const gates = { "after-the-case": "paused", "demande-atelier": "stopped" } as const;
    const text = renderRuns({ ...runsView(), counts, gates });
    expect(text.match(/class="number"/g)).toHaveLength(1);
    expect(text).toContain("Paused: nothing is sent");
    expect(text).toContain("Stopped: nobody enters");
  });

  it("says so where there is nothing to list", () => {
    const text = renderRuns({ language: "en", counts: [], runs: [], filter: {} });
    expect(text).toContain("No journey has been published yet.");
    expect(text).toContain("No run here.");
    expect(text).not.toContain("<table");
  });

  it("escapes titles and what a filter brings", () => {
    const evil = "<img src=x>";
    const counts = [{ journey: evil, title: evil, state: "live" as const, count: 1 }];
    expect(renderRuns({ language: "en", counts, runs: [], filter: { journey: evil } })).not.toContain(evil);
  });
});

describe("the page of a run", () => {
  it("tells what happened, oldest first, each with its time to the second", () => {
    const text = renderRun(runView());
    const order = ["Entered: case resolved", "Survey sent", "Answered: very dissatisfied", "Goal reached"];
    expect(order.map((line) => text.indexOf(line))).toEqual(
      order.map((line) => text.indexOf(line)).toSorted((a, b) => a - b),
    );
    expect(text).toContain("22 Nov 2026, 21:08:01");
  });

  it("says what the run waits for and until when", () => {
    expect(renderRun(runView())).toMatch(/<dt>Waits for<\/dt><dd>an order<\/dd>\s*<dt>Until<\/dt><dd><time/);
  });

  it("shows the durable instance with its own status and tool", () => {
    const text = renderRun(runView());
    expect(text).toContain("Running");
    expect(text).toContain('href="http://localhost:7071/runtime/webhooks/durabletask/instances/x"');
  });

  it("says that there is no instance where the engine has none", () => {
    expect(renderRun({ ...runView(), durable: { id: "x" } })).toContain("<dd>none</dd>");
    expect(renderRun({ ...runView("fr"), durable: { id: "x" } })).toContain("<dd>aucune</dd>");
  });

  it("that does not exist is said in both languages", () => {
    expect(renderNoRun("en")).toContain("No such run");
    expect(renderNoRun("fr")).toContain("Passage introuvable");
  });
});
