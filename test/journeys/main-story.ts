import { expect, it } from "@jest/globals";
import type { Company } from "./company.ts";

/** The running example, on whichever store the company stands. */
export function mainStory(company: () => Company): void {
  it("a dissatisfied customer gets the survey, then a discount, orders, and the journey ends at its goal", async () => {
    const it = company();
    const camille = await it.person("Camille", { ab_langue: "fr" });
    const incident = await it.openCase(camille.id);
    await it.http.resolve(incident);

    const [survey] = await it.mailsTo(camille.address);
    expect(survey?.subject).toMatch(/^Votre demande CAS-.* est résolue/);
    expect(survey?.text).toContain("Résolu");
    await it.answer(survey, { satisfaction: "1", comment: "Trop long." });

    const apology = (await it.mailsTo(camille.address)).find((mail) => mail.subject.startsWith("Toutes nos excuses"));
    expect(apology?.text).toMatch(/VELO-\d{4}/);
    expect(await it.http.read(`incidents(${incident})?$select=customersatisfactioncode`)).toMatchObject({
      customersatisfactioncode: 1,
    });

    await it.order(camille.id);
    const [run] = await it.runs("after-the-case", "goal", incident);
    expect(run?.row.state.ended).toMatchObject({ as: "goal", name: "order placed" });
    expect(run?.durable).toBe("Completed");
    expect(it.trace(run)).toEqual([
      "· entered support-case-status-updated",
      "ask arrived",
      "ask sent",
      "ask happened survey-answered",
      "judge arrived",
      "judge chose dissatisfied",
      "code arrived",
      "code drew",
      "apologise arrived",
      "apologise sent",
      "time-to-order arrived",
      "time-to-order goal order placed",
    ]);
    expect(await it.mailsTo(camille.address)).toHaveLength(2);
  });
}
