import { describe, expect, it } from "@jest/globals";
import { organisationOver } from "../../../../shared/adapters/dataverse/organisation.ts";
import { requestsTo } from "../../../../shared/adapters/dataverse/requests.ts";
import { type Answer, scriptedOrganisation } from "./scripted-organisation.ts";

const ME = "5c0e1f1a-0000-4000-8000-00000000a001";

async function answering(answer: (path: string) => Answer) {
  const organisation = await scriptedOrganisation(({ path }) => answer(path));
  const send = requestsTo({ url: organisation.url, now: () => 0, sleep: async () => undefined });
  return { ...organisation, api: organisationOver(send) };
}

const held = (...privileges: readonly [name: string, depth: string][]): Answer => ({
  status: 200,
  body: { RolePrivileges: privileges.map(([PrivilegeName, Depth]) => ({ PrivilegeName, Depth, PrivilegeId: ME })) },
});
const job = (statuscode: number, more: object = {}): Answer => ({
  status: 200,
  body: { value: [{ statuscode, createdon: "2026-11-22T10:00:00Z", ...more }] },
});

describe("an organisation, asked what one may do there", () => {
  it("says of each privilege how far it reaches: of several roles the farthest counts", async () => {
    const { api, close } = await answering(() =>
      held(
        ["prvReadContact", "Basic"],
        ["prvReadContact", "Global"],
        ["prvReadLead", "Deep"],
        ["prvReadLead", "Local"],
      ),
    );
    expect(await api.held(ME, ["prvReadContact", "prvReadLead", "prvReadAccount"])).toEqual(
      new Map([
        ["prvReadContact", "Global"],
        ["prvReadLead", "Deep"],
      ]),
    );
    await close();
  });

  it("takes a depth that it does not know for the narrowest", async () => {
    const { api, close } = await answering(() => held(["prvReadContact", "RecordFilter"]));
    expect(await api.held(ME, ["prvReadContact"])).toEqual(new Map([["prvReadContact", "Basic"]]));
    await close();
  });

  it("is asked for many privileges in parts that an address can hold", async () => {
    const { api, asked, close } = await answering(() => held());
    await api.held(
      ME,
      Array.from({ length: 60 }, (_, n) => `prvRead${n}`),
    );
    expect(asked).toHaveLength(3);
    expect(asked[0]?.path).toContain("Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)");
    await close();
  });

  it.each([
    [job(30, { completedon: "2026-11-22T10:00:03Z" }), { kind: "arrived", seconds: 3 }],
    [job(31, { friendlymessage: "Unauthorized" }), { kind: "refused", reason: "Unauthorized" }],
    [job(32), { kind: "refused", reason: "no reason given" }],
    [job(20), { kind: "under-way" }],
    [{ status: 200, body: { value: [] } }, { kind: "none" }],
  ])("says what became of a change that it was to tell (%#)", async (answer, told) => {
    const { api, close } = await answering(() => answer);
    expect(await api.told(ME)).toEqual(told);
    await close();
  });

  it("refuses with its own words, and with 401 where the token is none of its", async () => {
    const { api, close } = await answering(() => ({
      status: 401,
      body: { error: { code: "0x1", message: "no user" } },
    }));
    await expect(api.whoAmI()).rejects.toMatchObject({ code: "DATAVERSE_REFUSED", message: /401 .*no user/ });
    await close();
  });
});
