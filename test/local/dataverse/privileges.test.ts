import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type Api, openApi } from "./api.ts";

interface Held {
  readonly RolePrivileges: readonly { readonly PrivilegeName: string; readonly Depth: string }[];
}

describe("privileges", () => {
  let api: Api;
  let user: string;
  beforeEach(async () => {
    api = await openApi();
    user = String((await api.call("GET", "WhoAmI")).body.UserId);
  });
  afterEach(() => api.close());

  const held = async (path = "RetrieveUserPrivileges()"): Promise<string[]> => {
    const { body } = await api.call("GET", `systemusers(${user})/Microsoft.Dynamics.CRM.${path}`);
    return (body as unknown as Held).RolePrivileges.map(({ PrivilegeName, Depth }) => `${PrivilegeName} ${Depth}`);
  };

  it("are named by each table's metadata; filters of messages have none", async () => {
    const path =
      "EntityDefinitions?$select=LogicalName,Privileges&$filter=LogicalName eq 'systemuser' or LogicalName eq 'sdkmessagefilter'";
    const tables = await api.rows(path);
    const named = Object.fromEntries(
      tables.map(({ LogicalName, Privileges }) => [
        LogicalName,
        (Privileges as { Name: string; PrivilegeType: string }[]).map((one) => `${one.PrivilegeType} ${one.Name}`),
      ]),
    );
    expect(named).toEqual({
      sdkmessagefilter: [],
      systemuser: ["Create prvCreateUser", "Read prvReadUser", "Write prvWriteUser", "Delete prvDeleteUser"],
    });
  });

  it("are all held by everybody, until some are taken away", async () => {
    expect(await held()).toEqual(expect.arrayContaining(["prvReadContact Global", "prvCreateServiceEndpoint Global"]));
    api.dataverse.setFault({ lacks: { [user]: ["prvReadContact"] } });
    expect(await held()).not.toContain("prvReadContact Global");
    const names = encodeURIComponent(JSON.stringify(["prvReadContact", "prvReadLead"]));
    const asked = `RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p=${names}`;
    expect(await held(asked)).toEqual(["prvReadLead Global"]);
  });

  it("that a user lacks are refused by name, and another user has them", async () => {
    const other = await api.create("systemusers", { firstname: "Lena", lastname: "Roux" });
    api.dataverse.setFault({ lacks: { [other]: ["prvCreateContact", "prvReadContact"] } });
    const asOther = { MSCRMCallerID: other };
    const refused = await api.call("POST", "contacts", { lastname: "x" }, asOther);
    expect(refused).toMatchObject({ status: 403, body: { error: { code: "0x80040220" } } });
    expect(refused.text).toContain(`is missing prvCreateContact privilege`);
    expect((await api.call("GET", "contacts", undefined, asOther)).status).toBe(403);
    expect((await api.call("POST", "contacts", { lastname: "x" })).status).toBe(204);
  });

  it.each(["", "PrivilegeNames=@q", "Names=@p"])("a question by names without them is refused: (%s)", async (given) => {
    const path = `systemusers(${user})/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(${given})?@p=["a"]`;
    expect((await api.call("GET", path)).status).toBe(400);
  });
});
