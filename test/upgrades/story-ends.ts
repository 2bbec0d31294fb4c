import { expect } from "@jest/globals";
import type { Company } from "../journeys/company.ts";
import { answer, PAUSED, type Person, type Recorded } from "./story.ts";

/** What must have become of everybody once their runs were carried on, by whichever build. */
export async function expectStoryEnds(company: Company, recorded: Recorded): Promise<void> {
  const { http } = company;
  await company.quiet();
  const subjects = async ({ address }: Person) => (await company.mailsTo(address)).map(({ subject }) => subject);

  await answer(company, (await company.mailsTo(recorded.asked.address))[0], "1");
  expect(await subjects(recorded.asked)).toEqual([expect.stringMatching(/résolue/), expect.stringMatching(/excuses/)]);
  await company.order(recorded.discounted.id);
  await company.order(recorded.asked.id);
  for (const { incident } of [recorded.asked, recorded.discounted])
    expect(await company.runs("after-the-case", "goal", incident)).toHaveLength(1);

  await http.api("POST", "/api/discount-pools/recorded-pool/codes", { codes: ["RECORDED-1"] });
  await http.api("POST", `/api/journeys/${PAUSED}/gate`, { state: "open" });
  await http.advance("P4D");
  const own = { resting: 1, withoutCode: 1, paused: 1, onFirstVersion: 1 } as const;
  for (const who of Object.keys(own) as (keyof typeof own)[])
    expect({ who, mails: await reminders(company, recorded[who]) }).toEqual({ who, mails: own[who] });
  for (const slug of ["recorded-rest", "recorded-code", PAUSED, "recorded-versions"])
    expect({ slug, ended: (await company.runs(slug, "completed")).length }).toEqual({ slug, ended: 1 });

  // The mail that the provider took without saying so is not sent again; the change that was spilled is not lost.
  for (const { address } of [recorded.unanswered, recorded.spilled])
    expect((await company.mailsTo(address)).filter(({ subject }) => subject.includes("résolue"))).toHaveLength(1);
}

/** Mails of the first version's own: who stays on it gets no other. */
async function reminders(company: Company, { address }: Person): Promise<number> {
  const mails = await company.mailsTo(address);
  return mails.filter(({ subject }) => /webinaire/i.test(subject)).length;
}
