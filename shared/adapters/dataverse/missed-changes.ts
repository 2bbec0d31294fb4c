import { z } from "zod";
import { ParcoursError } from "../../errors.ts";
import type { FailedJob, MissedChanges, TrackedPage, TrackedRow } from "../../ports/missed-changes.ts";
import { Metadata } from "./metadata.ts";
import type { Send } from "./requests.ts";

const FAILED = 31;
const JOB_COMPLETED = 3;
const MOST_ABOUT_ONE = 10;
const JOBS_A_PAGE = 500;
/** Most that one query of jobs gives; with more under way nobody can tell whose they are. */
const MOST_PENDING = 5_000;

const guid = z.string().transform((id) => id.toLowerCase());
const failedJobs = z.object({
  value: z.array(
    z.object({
      asyncoperationid: guid,
      _owningextensionid_value: guid,
      _regardingobjectid_value: guid.nullish(),
      _createdby_value: guid.nullish(),
      createdon: z.string(),
      completedon: z.string().nullish(),
      depth: z.number().nullish(),
    }),
  ),
  "@odata.nextLink": z.string().optional(),
});
const recordJobs = z.object({
  value: z.array(z.object({ createdon: z.string(), statuscode: z.number().nullish(), message: z.string().nullish() })),
});
const pendingJobs = z.object({ value: z.array(z.object({ _regardingobjectid_value: guid.nullish() })) });
const changes = z.object({
  value: z.array(z.record(z.string(), z.unknown())),
  "@odata.nextLink": z.string().optional(),
  "@odata.deltaLink": z.string().optional(),
});
const tracking = z.object({ value: z.array(z.object({ ChangeTrackingEnabled: z.boolean().nullish() })) });
const whoAmI = z.object({ UserId: guid });

/** Failed system jobs and change tracking through the Web API. `signsIn`: whether Parcours has a user of its own there. */
export function missedChanges(send: Send, now: () => number, signsIn: boolean): MissedChanges {
  const metadata = new Metadata(send, now);
  let own: Promise<string> | undefined;

  async function asked<T>(path: string, schema: z.ZodType<T>, prefer?: string): Promise<T> {
    const answer = await send({ method: "GET", path, ...(prefer && { headers: { prefer } }) }, schema);
    if (answer === "missing") throw new ParcoursError("DATAVERSE_REFUSED", `the organisation has no ${path}`);
    return answer;
  }

  return {
    async failedJobs(steps, since, next) {
      const select =
        "asyncoperationid,createdon,completedon,depth,_owningextensionid_value,_regardingobjectid_value,_createdby_value";
      const filter = `statuscode eq ${FAILED} and completedon ge ${since} and (${ofSteps(steps)})`;
      const path = `asyncoperations?$select=${select}&$filter=${encodeURIComponent(filter)}&$orderby=completedon`;
      const page = await asked(next === null ? path : pathOf(next), failedJobs, `odata.maxpagesize=${JOBS_A_PAGE}`);
      const jobs = page.value.map(
        (job): FailedJob => ({
          id: job.asyncoperationid,
          step: job._owningextensionid_value,
          record: job._regardingobjectid_value ?? null,
          at: iso(job.createdon),
          completedAt: iso(job.completedon ?? job.createdon),
          by: job._createdby_value ?? null,
          depth: job.depth ?? 1,
        }),
      );
      return { jobs, next: page["@odata.nextLink"] ?? null };
    },

    async about(steps, record) {
      if (steps.length === 0) return [];
      const select = "createdon,statecode,statuscode,message";
      const over = `(statecode ne ${JOB_COMPLETED} or statuscode eq ${FAILED})`;
      const filter = encodeURIComponent(`_regardingobjectid_value eq ${record} and ${over} and (${ofSteps(steps)})`);
      const order = encodeURIComponent("createdon desc");
      const path = `asyncoperations?$select=${select}&$filter=${filter}&$orderby=${order}&$top=${MOST_ABOUT_ONE}`;
      const { value } = await asked(path, recordJobs);
      return value.reverse().map((job) => ({
        state: job.statuscode === FAILED ? "failed" : "waiting",
        at: iso(job.createdon),
        message: job.message ?? null,
      }));
    },

    async pending(steps) {
      if (steps.length === 0) return new Set();
      const filter = encodeURIComponent(`statecode ne ${JOB_COMPLETED} and (${ofSteps(steps)})`);
      const path = `asyncoperations?$select=_regardingobjectid_value&$top=${MOST_PENDING}&$filter=${filter}`;
      const { value } = await asked(path, pendingJobs);
      if (value.length === MOST_PENDING) return undefined;
      return new Set(value.flatMap((job) => job._regardingobjectid_value ?? []));
    },

    async tracks(table) {
      // A query, not the table's own address: how Dataverse answers for a table that is gone depends on its version.
      const filter = encodeURIComponent(`LogicalName eq '${table}'`);
      const { value } = await asked(`EntityDefinitions?$select=ChangeTrackingEnabled&$filter=${filter}`, tracking);
      return value[0]?.ChangeTrackingEnabled === true;
    },

    async changes(table, link): Promise<TrackedPage | "expired"> {
      const shape = await metadata.shape(table);
      const known = ["createdon", "modifiedon"].filter((column) => shape.columns.has(column));
      const by = shape.columns.has("modifiedby") ? ["_modifiedby_value"] : [];
      const path = `${shape.set}?$select=${[shape.id, ...known, ...by].join(",")}`;
      try {
        const page = await asked(link === null ? path : pathOf(link), changes, "odata.track-changes");
        return {
          rows: page.value.flatMap((row) => rowIn(row, shape.id)),
          next: page["@odata.nextLink"] ?? null,
          link: page["@odata.deltaLink"] ?? null,
        };
      } catch (fault) {
        // A link lives for seven days; one that Dataverse refuses for whatever reason leads nowhere any more.
        if (link !== null && fault instanceof ParcoursError && fault.code === "DATAVERSE_REFUSED") return "expired";
        throw fault;
      }
    },

    async self() {
      if (!signsIn) return undefined;
      own ??= asked("WhoAmI", whoAmI).then(({ UserId }) => UserId);
      return own.catch((fault: unknown) => {
        own = undefined;
        throw fault;
      });
    },
  };
}

function ofSteps(steps: readonly string[]): string {
  return steps.map((id) => `_owningextensionid_value eq ${id}`).join(" or ");
}

function rowIn(row: Readonly<Record<string, unknown>>, idColumn: string): TrackedRow[] {
  const deleted = String(row["@odata.context"] ?? "").endsWith("$deletedEntity");
  const id = deleted ? row.id : row[idColumn];
  if (typeof id !== "string") return [];
  const moment = (value: unknown) => (typeof value === "string" ? iso(value) : null);
  return [
    {
      id: id.toLowerCase(),
      deleted,
      createdAt: moment(row.createdon),
      modifiedAt: moment(row.modifiedon),
      by: typeof row._modifiedby_value === "string" ? row._modifiedby_value.toLowerCase() : null,
    },
  ];
}

function iso(text: string): string {
  return new Date(text).toISOString();
}

/** Links are whole addresses, where `send` wants what stands below the root. */
function pathOf(link: string): string {
  return link.replace(/^.*?\/api\/data\/v[\d.]+\//, "");
}
