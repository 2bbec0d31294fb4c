import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../../local/clock/virtual-clock.ts";
import { type Dataverse as StandIn, startDataverse } from "../../../../local/dataverse/dataverse.ts";
import { missedChanges } from "../../../../shared/adapters/dataverse/missed-changes.ts";
import { requestsTo } from "../../../../shared/adapters/dataverse/requests.ts";
import type { MissedChanges, TrackedPage } from "../../../../shared/ports/missed-changes.ts";

describe("what Dataverse still tells of changes that never came", () => {
  const clock = new VirtualClock();
  const now = () => clock.now();
  let standIn: StandIn;
  let missed: MissedChanges;
  beforeAll(async () => {
    standIn = await startDataverse({ port: 0, clock, busy: clock });
    missed = missedChanges(requestsTo({ url: standIn.url, now, sleep: async () => undefined }), now, true);
  });
  afterAll(async () => {
    await standIn.close();
    clock.close();
  });

  async function ask(method: string, path: string, row?: object): Promise<Response> {
    const headers = { "content-type": "application/json" };
    const body = row === undefined ? {} : { body: JSON.stringify(row) };
    const answer = await fetch(`${standIn.url}/${path}`, { method, headers, ...body });
    if (!answer.ok) throw new Error(await answer.text());
    return answer;
  }

  async function told(link: string | null): Promise<TrackedPage> {
    const page = await missed.changes("contact", link);
    if (page === "expired") throw new Error("expired");
    return page;
  }

  it("change tracking tells what was saved and what was deleted since a link was given", async () => {
    const [kept, gone] = [randomUUID(), randomUUID()];
    for (const contactid of [kept, gone]) await ask("POST", "contacts", { contactid, lastname: "Essai" });
    const first = await told(null);
    expect(first.next).toBeNull();
    expect(first.rows.map(({ id }) => id)).toEqual(expect.arrayContaining([kept, gone]));
    await ask("PATCH", `contacts(${kept})`, { firstname: "Zoé" });
    await ask("DELETE", `contacts(${gone})`);
    const { rows, link } = await told(first.link);
    const saved = { id: kept, deleted: false, createdAt: expect.any(String), modifiedAt: expect.any(String) };
    expect(rows).toEqual([
      { ...saved, by: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      { id: gone, deleted: true, createdAt: null, modifiedAt: null, by: null },
    ]);
    expect((await told(link)).rows).toEqual([]);
  });

  it("a link of over seven days ago leads nowhere", async () => {
    const { link } = await told(null);
    await clock.advance(8 * 86_400_000);
    expect(await missed.changes("contact", link)).toBe("expired");
  });

  it("says which tables are tracked, and who Parcours is there", async () => {
    expect(await missed.tracks("contact")).toBe(true);
    expect(await missed.tracks("asyncoperation")).toBe(false);
    expect(await missed.tracks("new_nothing")).toBe(false);
    expect(await missed.self()).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("knows the failed jobs of a registration, and whose are under way", async () => {
    const step = await registered();
    const since = new Date(now() - 60_000).toISOString();
    standIn.setFault({ webhook: "lost" });
    const contact = randomUUID();
    await ask("POST", "contacts", { contactid: contact, lastname: "Perdu" });
    await clock.advance(0);
    const { jobs, next } = await missed.failedJobs([step, randomUUID()], since, null);
    expect(next).toBeNull();
    expect(jobs).toEqual([expect.objectContaining({ step, record: contact, depth: 1, by: expect.any(String) })]);
    expect((await missed.failedJobs([randomUUID()], since, null)).jobs).toEqual([]);
    expect(await missed.pending([step])).toEqual(new Set());
    const later = new Date(now() + 60_000).toISOString();
    expect((await missed.failedJobs([step], later, null)).jobs).toEqual([]);
  });

  /** A registration for created contacts whose endpoint is nowhere. */
  async function registered(): Promise<string> {
    const [endpoint, step] = [randomUUID(), randomUUID()];
    const authvalue = '<settings><setting name="x-key" value="k"/></settings>';
    const address = { url: "http://localhost:9/none", contract: 8, authtype: 5, authvalue };
    await ask("POST", "serviceendpoints", { serviceendpointid: endpoint, name: "Nowhere", ...address });
    const filter = encodeURIComponent("sdkmessageid/name eq 'Create' and primaryobjecttypecode eq 'contact'");
    const select = "$select=sdkmessagefilterid,_sdkmessageid_value";
    const { value } = (await (await ask("GET", `sdkmessagefilters?${select}&$filter=${filter}`)).json()) as {
      value: { sdkmessagefilterid: string; _sdkmessageid_value: string }[];
    };
    await ask("POST", "sdkmessageprocessingsteps", {
      ...{ sdkmessageprocessingstepid: step, name: "Nowhere", mode: 1, stage: 40, rank: 1, asyncautodelete: true },
      "eventhandler_serviceendpoint@odata.bind": `/serviceendpoints(${endpoint})`,
      "sdkmessageid@odata.bind": `/sdkmessages(${value[0]?._sdkmessageid_value})`,
      "sdkmessagefilterid@odata.bind": `/sdkmessagefilters(${value[0]?.sdkmessagefilterid})`,
    });
    return step;
  }
});
