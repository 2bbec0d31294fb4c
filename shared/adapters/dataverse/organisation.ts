import { z } from "zod";
import type { Depth, Right } from "../../domain/needed-privileges.ts";
import { ParcoursError } from "../../errors.ts";
import { type Organisation, type OrganisationUser, TOUCHED } from "../../ports/organisation.ts";
import type { Send } from "./requests.ts";

const whoAmI = z.object({ UserId: z.guid(), OrganizationId: z.guid() });

const user = z.object({ systemuserid: z.string(), fullname: z.string().nullish(), isdisabled: z.boolean().nullish() });
const users = z.object({ value: z.array(user) });

const privileges = z.object({
  value: z.array(
    z.object({
      LogicalName: z.string(),
      Privileges: z.array(z.object({ Name: z.string(), PrivilegeType: z.string() })).nullish(),
    }),
  ),
});

const held = z.object({
  RolePrivileges: z.array(
    z.object({ PrivilegeName: z.string(), Depth: z.enum(["Basic", "Local", "Deep", "Global"]).or(z.string()) }),
  ),
});

const touched = z.object({ [TOUCHED.column]: z.string().nullish() });

const jobs = z.object({
  value: z.array(
    z.object({
      statuscode: z.number(),
      message: z.string().nullish(),
      friendlymessage: z.string().nullish(),
      createdon: z.string(),
      completedon: z.string().nullish(),
    }),
  ),
});

const SUCCEEDED = 30;
const FAILED = 31;
const CANCELED = 32;
/** Names in one question: an address holds so many. */
const MOST_NAMES = 25;
const SELECTED = "$select=systemuserid,fullname,isdisabled";

/** An organisation through its Web API: who one is there, and what one may do. */
export function organisationOver(send: Send): Organisation {
  async function one(path: string): Promise<OrganisationUser | undefined> {
    const answer = await send({ method: "GET", path }, users);
    const [found] = answer === "missing" ? [] : answer.value;
    return found && { id: found.systemuserid, name: found.fullname ?? "", disabled: found.isdisabled === true };
  }

  return {
    async whoAmI() {
      const { UserId, OrganizationId } = await there({ method: "GET", path: "WhoAmI" }, whoAmI, send);
      return { user: UserId.toLowerCase(), organization: OrganizationId.toLowerCase() };
    },

    user: (id) => one(`systemusers?${SELECTED}&$filter=${encodeURIComponent(`systemuserid eq ${id}`)}`),

    applicationUser: (clientId) =>
      one(`systemusers?${SELECTED}&$filter=${encodeURIComponent(`applicationid eq ${clientId}`)}`),

    async privilegesOf(tables) {
      const filter = encodeURIComponent(tables.map((table) => `LogicalName eq '${table}'`).join(" or "));
      const path = `EntityDefinitions?$select=LogicalName,Privileges&$filter=${filter}`;
      const { value } = await there({ method: "GET", path }, privileges, send);
      return new Map(
        value.map(({ LogicalName, Privileges }) => [
          LogicalName,
          new Map(Privileges?.map(({ Name, PrivilegeType }) => [PrivilegeType as Right, Name])),
        ]),
      );
    },

    async held(id, names) {
      const found = new Map<string, Depth>();
      // By their names: asked for all, Dataverse says less than is true of what comes from a team's role.
      for (let at = 0; at < names.length; at += MOST_NAMES) {
        const some = encodeURIComponent(JSON.stringify(names.slice(at, at + MOST_NAMES)));
        const asked = `RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p=${some}`;
        const path = `systemusers(${id})/Microsoft.Dynamics.CRM.${asked}`;
        const { RolePrivileges } = await there({ method: "GET", path }, held, send);
        for (const { PrivilegeName, Depth: depth } of RolePrivileges)
          found.set(PrivilegeName, farther(found.get(PrivilegeName), depth));
      }
      return found;
    },

    async touch(id) {
      const path = `systemusers(${id})`;
      const now = await there({ method: "GET", path: `${path}?$select=${TOUCHED.column}` }, touched, send);
      const body = { [TOUCHED.column]: now[TOUCHED.column] ?? null };
      await send({ method: "PATCH", path, headers: { "if-match": "*" }, body }, undefined);
    },

    async told(registration) {
      const filter = encodeURIComponent(`_owningextensionid_value eq ${registration}`);
      const columns = "statuscode,message,friendlymessage,createdon,completedon";
      const path = `asyncoperations?$select=${columns}&$filter=${filter}&$orderby=${encodeURIComponent("createdon desc")}&$top=1`;
      const { value } = await there({ method: "GET", path }, jobs, send);
      const [job] = value;
      if (job === undefined) return { kind: "none" };
      if (job.statuscode === SUCCEEDED) {
        const seconds = (Date.parse(job.completedon ?? job.createdon) - Date.parse(job.createdon)) / 1000;
        return { kind: "arrived", seconds };
      }
      const over = job.statuscode === FAILED || job.statuscode === CANCELED;
      return over
        ? { kind: "refused", reason: job.friendlymessage ?? job.message ?? "no reason given" }
        : { kind: "under-way" };
    },
  };
}

const ORDER: readonly string[] = ["Basic", "Local", "Deep", "Global"] satisfies readonly Depth[];

/** One privilege may come by several roles: the farthest counts. What is no depth that we know reaches least. */
function farther(one: Depth | undefined, other: string): Depth {
  const reach = Math.max(ORDER.indexOf(one ?? "Basic"), ORDER.indexOf(other), 0);
  return (ORDER[reach] ?? "Basic") as Depth;
}

/** The answer of what is always there. */
async function there<T>(ask: Parameters<Send>[0], schema: z.ZodType<T>, send: Send): Promise<T> {
  const answer = await send(ask, schema);
  if (answer !== "missing") return answer;
  throw new ParcoursError("DATAVERSE_REFUSED", `Dataverse knows nothing at ${ask.path.replace(/\?.*/, "")}`);
}
