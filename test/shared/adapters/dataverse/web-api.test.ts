import { afterEach, describe, expect, it } from "@jest/globals";
import { dataverseWebApi } from "../../../../shared/adapters/dataverse/web-api.ts";
import { type Answer, type Asked, scriptedOrganisation } from "./scripted-organisation.ts";

const ID = "11111111-2222-3333-4444-555555555555";
const ACCOUNT = "aaaaaaaa-2222-3333-4444-555555555555";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function organisation(rows: (asked: Asked) => Answer | "hang-up" | Promise<Answer>, now = () => 0) {
  const api = await scriptedOrganisation(rows);
  closers.push(api.close);
  const slept: number[] = [];
  const dataverse = dataverseWebApi({
    url: api.url,
    token: async () => "t0ken",
    now,
    sleep: async (ms) => void slept.push(ms),
  });
  return { ...api, dataverse, slept };
}

const row = (body: object): Answer => ({ status: 200, body });
const refused = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { code, message } },
});

describe("a read", () => {
  it("gives the domain's values: references, options, moments, days", async () => {
    const { dataverse, ofRows } = await organisation(() =>
      row({
        "@odata.etag": 'W/"1"',
        title: "Panne",
        prioritycode: 1,
        "prioritycode@OData.Community.Display.V1.FormattedValue": "High",
        _customerid_value: ACCOUNT.toUpperCase(),
        "_customerid_value@OData.Community.Display.V1.FormattedValue": "SARL Vélo+",
        "_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "account",
        createdon: "2026-03-01T09:00:00Z",
        due: "2026-03-01",
        channels: "1,3",
        amount: 12.5,
        isescalated: false,
      }),
    );
    const columns = ["title", "prioritycode", "customerid", "createdon", "due", "channels", "amount", "isescalated"];
    expect(await dataverse.read("incident", ID, columns)).toEqual({
      title: "Panne",
      prioritycode: 1,
      customerid: { table: "account", id: ACCOUNT, name: "SARL Vélo+" },
      createdon: "2026-03-01T09:00:00.000Z",
      due: "2026-03-01",
      channels: [1, 3],
      amount: 12.5,
      isescalated: false,
    });
    const [asked] = ofRows();
    expect(asked).toMatchObject({
      path: `incidents(${ID})?$select=title,prioritycode,_customerid_value,createdon,due,channels,amount,isescalated`,
      headers: { authorization: "Bearer t0ken", prefer: 'odata.include-annotations="*"', "odata-version": "4.0" },
    });
  });

  it("gives null for an empty column, whatever its type", async () => {
    const { dataverse } = await organisation(() => row({ title: null, _customerid_value: null, channels: null }));
    expect(await dataverse.read("incident", ID, ["title", "customerid", "channels"])).toEqual({
      title: null,
      customerid: null,
      channels: null,
    });
  });

  it("is undefined for a row that is gone", async () => {
    const { dataverse } = await organisation(() => refused(404, "0x80040217", "incident Does Not Exist"));
    expect(await dataverse.read("incident", ID, ["title"])).toBeUndefined();
  });

  it("asks for the metadata of a table once", async () => {
    const { dataverse, asked, ofRows } = await organisation(() => row({ title: "x" }));
    await Promise.all([dataverse.read("incident", ID, ["title"]), dataverse.read("incident", ACCOUNT, ["title"])]);
    await dataverse.read("incident", ID, ["title"]);
    expect(asked.length - ofRows().length).toBe(2);
  });

  it("shares one request with those who ask for the same row at the same time, and with no later one", async () => {
    const { dataverse, ofRows } = await organisation(() => row({ title: "x", due: "2026-03-01" }));
    const [one, two] = await Promise.all([
      dataverse.read("incident", ID, ["title"]),
      dataverse.read("incident", ID, ["due"]),
    ]);
    expect([one, two]).toEqual([{ title: "x" }, { due: "2026-03-01" }]);
    expect(ofRows()).toHaveLength(1);
    await dataverse.read("incident", ID, ["title"]);
    expect(ofRows()).toHaveLength(2);
  });

  it("has at most 30 requests under way", async () => {
    let now = 0;
    let most = 0;
    const { dataverse } = await organisation(async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now--;
      return row({ title: "x" });
    });
    const ids = Array.from({ length: 100 }, (_, n) => `${String(n).padStart(8, "0")}${ID.slice(8)}`);
    const read = await Promise.all(ids.map((id) => dataverse.read("incident", id, ["title"])));
    expect(read).toHaveLength(100);
    expect(most).toBeLessThanOrEqual(30);
  });
});

describe("an update", () => {
  it("binds lookups, joins options, carries its tag and never makes the row", async () => {
    const { dataverse, ofRows } = await organisation(() => ({ status: 204 }));
    const values = {
      title: "Done",
      customerid: { table: "account", id: ACCOUNT, name: null },
      channels: [1, 3],
      due: null,
    };
    expect(await dataverse.update("incident", ID, values, "parcours:hops=1")).toBe("updated");
    expect(ofRows()[0]).toMatchObject({
      method: "PATCH",
      path: `incidents(${ID})?tag=parcours:hops=1`,
      headers: { "if-match": "*", "content-type": "application/json" },
      body: { title: "Done", "customerid_account@odata.bind": `/accounts(${ACCOUNT})`, channels: "1,3", due: null },
    });
  });

  it("empties a lookup", async () => {
    const { dataverse, ofRows } = await organisation(() => ({ status: 204 }));
    await dataverse.update("incident", ID, { customerid: null }, "t");
    expect(ofRows()[0]?.body).toEqual({ "customerid_account@odata.bind": null });
  });

  it("is refused where a lookup can't lead to that table", async () => {
    const { dataverse } = await organisation(() => ({ status: 204 }));
    const customerid = { table: "lead", id: ACCOUNT, name: null };
    await expect(dataverse.update("incident", ID, { customerid }, "t")).rejects.toMatchObject({
      code: "DATAVERSE_REFUSED",
    });
  });

  it("says missing for a row that is gone", async () => {
    const { dataverse } = await organisation(() => refused(404, "0x80040217", "incident Does Not Exist"));
    expect(await dataverse.update("incident", ID, { title: "x" }, "t")).toBe("missing");
  });
});

describe("the labels", () => {
  it("come in the language asked for, or in that of our user", async () => {
    const { dataverse, asked } = await organisation(() => row({}));
    expect(await dataverse.labels("incident", "fr")).toEqual({
      prioritycode: { "1": "Haute" },
      isescalated: { "0": "Non", "1": "Oui" },
    });
    expect((await dataverse.labels("incident", "de")).prioritycode).toEqual({ "1": "High" });
    expect(asked).toHaveLength(5);
  });

  it("are asked for again after some minutes", async () => {
    let now = 0;
    const { dataverse, asked } = await organisation(
      () => row({}),
      () => now,
    );
    await dataverse.labels("incident", "fr");
    now = 11 * 60_000;
    await dataverse.labels("incident", "fr");
    expect(asked).toHaveLength(10);
  });
});

describe("faults", () => {
  it("a short Retry-After is waited for once", async () => {
    let calls = 0;
    const { dataverse, slept } = await organisation(() =>
      ++calls === 1 ? { status: 429, headers: { "retry-after": "2" } } : row({ title: "x" }),
    );
    expect(await dataverse.read("incident", ID, ["title"])).toEqual({ title: "x" });
    expect(slept).toEqual([2000]);
  });

  it("a long Retry-After closes the organisation for everybody until it is over", async () => {
    let now = 0;
    let calls = 0;
    const { dataverse, ofRows, slept } = await organisation(
      () => (++calls === 1 ? { status: 503, headers: { "retry-after": "120" } } : row({ title: "x" })),
      () => now,
    );
    const unavailable = { code: "DATAVERSE_UNAVAILABLE", retryable: true };
    await expect(dataverse.read("incident", ID, ["title"])).rejects.toMatchObject(unavailable);
    await expect(dataverse.update("incident", ID, { title: "y" }, "t")).rejects.toMatchObject(unavailable);
    expect(ofRows()).toHaveLength(1);
    now = 120_000;
    expect(await dataverse.read("incident", ID, ["title"])).toEqual({ title: "x" });
    expect(slept).toEqual([]);
  });

  it("a refusal carries Dataverse's own words", async () => {
    const { dataverse } = await organisation(() => refused(400, "0x80060888", "Could not find a property named 'x'"));
    await expect(dataverse.read("incident", ID, ["x"])).rejects.toMatchObject({
      code: "DATAVERSE_REFUSED",
      retryable: false,
      message: expect.stringContaining("Could not find a property named 'x'"),
    });
  });

  it.each([
    ["a broken connection", () => "hang-up" as const],
    ["a server's fault", () => refused(500, "0x80040216", "unexpected")],
    ["an answer that is no row", () => ({ status: 200, body: [1] })],
  ])("%s may be tried again", async (_, rows) => {
    const { dataverse } = await organisation(rows);
    await expect(dataverse.read("incident", ID, ["title"])).rejects.toMatchObject({ code: "DATAVERSE_UNAVAILABLE" });
  });

  it("metadata that could not be read are asked for again", async () => {
    const { dataverse, close } = await organisation(() => row({ title: "x" }));
    await close();
    await expect(dataverse.labels("incident", "fr")).rejects.toMatchObject({ code: "DATAVERSE_UNAVAILABLE" });
    await expect(dataverse.labels("incident", "fr")).rejects.toMatchObject({ code: "DATAVERSE_UNAVAILABLE" });
  });
});
