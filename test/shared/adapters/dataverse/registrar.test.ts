import { afterAll, afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../../local/clock/virtual-clock.ts";
import { type Dataverse as StandIn, startDataverse } from "../../../../local/dataverse/dataverse.ts";
import { dataverseRegistrar } from "../../../../shared/adapters/dataverse/registrar.ts";
import { keyMarkOf } from "../../../../shared/adapters/dataverse/registration-rows.ts";
import { requestsTo } from "../../../../shared/adapters/dataverse/requests.ts";
import { drift } from "../../../../shared/domain/registration/drift.ts";
import { plan } from "../../../../shared/domain/registration/plan.ts";
import type { Wanted } from "../../../../shared/domain/registration/registration.ts";
import type { Registrar } from "../../../../shared/ports/registrar.ts";
import { type Answer, scriptedOrganisation } from "./scripted-organisation.ts";

const KEY = `k"<e>'y&`;
const WANTED: Wanted = {
  endpoint: { url: "https://parcours.example/api/dataverse/webhook", keyMark: keyMarkOf(KEY) },
  steps: [
    { table: "incident", message: "Create", columns: "all", pre: null, post: ["customerid"], enabled: true },
    { table: "incident", message: "Delete", columns: "all", pre: ["customerid"], post: null, enabled: true },
    {
      table: "incident",
      message: "Update",
      columns: ["statecode", "statuscode"],
      pre: "all",
      post: ["customerid", "title"],
      enabled: true,
    },
    { table: "lead", message: "Create", columns: "all", pre: null, post: null, enabled: false },
  ],
};

describe("the registrar", () => {
  const clock = new VirtualClock();
  let standIn: StandIn;
  let registrar: Registrar;
  beforeEach(async () => {
    standIn = await startDataverse({ port: 0, clock, busy: clock });
    registrar = registrarAt(standIn.url);
  });
  afterEach(() => standIn.close());
  afterAll(() => clock.close());

  function registrarAt(url: string, key = KEY): Registrar {
    return dataverseRegistrar({ send: requestsTo({ url, now: () => 0, sleep: async () => undefined }), url, key });
  }

  async function make(wanted: Wanted): Promise<void> {
    for (const operation of plan(wanted, await registrar.find())) await registrar.apply(operation);
  }

  async function dataverse(method: string, path: string, body?: object): Promise<Record<string, unknown>[]> {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${standIn.url}/${path}`, { method, headers, body: body ? JSON.stringify(body) : null });
    if (!answer.ok) throw new Error(await answer.text());
    return method === "GET" ? ((await answer.json()) as { value: Record<string, unknown>[] }).value : [];
  }

  it("makes what is wanted, and finds then that nothing differs", async () => {
    await make(WANTED);
    const found = await registrar.find();
    expect(drift(WANTED, found)).toEqual([]);
    expect(plan(WANTED, found)).toEqual([]);
    const [endpoint] = await dataverse("GET", "serviceendpoints");
    expect(endpoint).toMatchObject({ contract: 8, authtype: 5, isauthvalueset: true });
    const steps = await dataverse("GET", "sdkmessageprocessingsteps?$filter=mode eq 1 and stage eq 40");
    expect(steps).toHaveLength(4);
  });

  it("mends whatever was changed, and takes all of it away again", async () => {
    await make(WANTED);
    const [endpoint] = await dataverse("GET", "serviceendpoints");
    const steps = await dataverse("GET", "sdkmessageprocessingsteps?$orderby=name");
    const [create, lead, remove, update] = steps.map((step) => String(step.sdkmessageprocessingstepid));
    await dataverse("PATCH", `serviceendpoints(${endpoint?.serviceendpointid})`, { url: "https://elsewhere.example" });
    await dataverse("PATCH", `sdkmessageprocessingsteps(${create})`, { statecode: 1, statuscode: 2 });
    await dataverse("DELETE", `sdkmessageprocessingsteps(${remove})`);
    await dataverse("PATCH", `sdkmessageprocessingsteps(${update})`, { filteringattributes: null });
    await dataverse("PATCH", `sdkmessageprocessingsteps(${lead})`, { statecode: 0, statuscode: 1 });
    const [image] = await dataverse(
      "GET",
      `sdkmessageprocessingstepimages?$filter=_sdkmessageprocessingstepid_value eq ${update} and imagetype eq 0`,
    );
    await dataverse("PATCH", `sdkmessageprocessingstepimages(${image?.sdkmessageprocessingstepimageid})`, {
      attributes: "title",
    });

    const differences = drift(WANTED, await registrar.find());
    expect(differences.map(({ at, difference }) => `${at}: ${difference}`)).toEqual([
      "endpoint: posts to https://elsewhere.example instead of https://parcours.example/api/dataverse/webhook",
      "Create of incident: is switched off: no change of it arrives",
      "Delete of incident: is not registered",
      "Update of incident: listens to all columns instead of statecode, statuscode",
      "Update of incident: has a pre-image of title instead of all columns",
      "Create of lead: is switched on, but its trigger is not published yet",
    ]);
    expect(differences[1]).toMatchObject({ by: expect.any(String), since: expect.stringMatching(/^\d{4}-/) });
    await make(WANTED);
    expect(drift(WANTED, await registrar.find())).toEqual([]);

    await make({ endpoint: null, steps: [] });
    expect(await registrar.find()).toEqual({ endpoint: null, steps: [] });
    expect(await dataverse("GET", "sdkmessageprocessingstepimages")).toEqual([]);
  });

  it("sees that the key was changed, and sends the present one", async () => {
    await make(WANTED);
    registrar = registrarAt(standIn.url, "another key");
    const wanted = { ...WANTED, endpoint: { url: WANTED.endpoint?.url ?? "", keyMark: keyMarkOf("another key") } };
    expect(plan(wanted, await registrar.find())).toEqual([expect.objectContaining({ kind: "mend-endpoint" })]);
    await make(wanted);
    expect(plan(wanted, await registrar.find())).toEqual([]);
  });

  it("leaves alone what is not Parcours's", async () => {
    await make(WANTED);
    const other = {
      serviceendpointid: "5c0e1f1a-0000-4000-8000-00000000e001",
      name: "Other",
      contract: 8,
      authtype: 4,
    };
    await dataverse("POST", "serviceendpoints", { ...other, url: "https://other.example", authvalue: "k" });
    expect((await registrar.find()).endpoint?.url).toBe(WANTED.endpoint?.url);
    await make({ endpoint: null, steps: [] });
    expect((await dataverse("GET", "serviceendpoints")).map(({ name }) => name)).toEqual(["Other"]);
  });

  it("makes no half of a step: where an image is refused the step is not there either", async () => {
    const [step] = WANTED.steps;
    if (step === undefined) throw new Error("no step");
    await make({ ...WANTED, steps: [] });
    const refused = registrar.apply({ kind: "create-step", step: { ...step, pre: ["title"] } });
    await expect(refused).rejects.toMatchObject({
      code: "DATAVERSE_REFUSED",
      message: expect.stringContaining("PreImage is not supported for message Create"),
    });
    expect((await registrar.find()).steps).toEqual([]);
  });

  it("says that a table is not there, and which columns a table has", async () => {
    await make({ ...WANTED, steps: [] });
    const step = {
      table: "nosuchtable",
      message: "Update",
      columns: "all",
      pre: null,
      post: null,
      enabled: true,
    } as const;
    await expect(registrar.apply({ kind: "create-step", step })).rejects.toMatchObject({
      code: "DATAVERSE_REFUSED",
      message: expect.stringContaining("Update of nosuchtable"),
    });
    expect(await registrar.columns("nosuchtable")).toBeUndefined();
    expect(await registrar.columns("incident")).toContain("statuscode");
  });

  it("names the right that is missing, and on what", async () => {
    const refusal = (message: string): Answer => ({ status: 403, body: { error: { code: "0x80040220", message } } });
    const organisation = await scriptedOrganisation(({ method }) =>
      method === "GET"
        ? { status: 200, body: { value: [] } }
        : refusal(
            "Principal user (Id=7, type=8) is missing prvCreateServiceEndpoint privilege (Id=9) on OTC=4618 for entity 'serviceendpoint'.",
          ),
    );
    try {
      const endpoint = { url: "https://parcours.example", keyMark: "00000000" };
      await expect(registrarAt(organisation.url).apply({ kind: "make-endpoint", endpoint })).rejects.toMatchObject({
        code: "DATAVERSE_FORBIDDEN",
        message: expect.stringMatching(/may not register .*: the privilege Create on ServiceEndpoint is missing/),
      });
    } finally {
      await organisation.close();
    }
  });
});
