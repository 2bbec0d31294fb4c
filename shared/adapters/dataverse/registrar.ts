import type { Found, FoundEndpoint, FoundStep, Operation, WantedStep } from "../../domain/registration/registration.ts";
import { ParcoursError } from "../../errors.ts";
import type { Registrar } from "../../ports/registrar.ts";
import { changeSet, type Write } from "./change-set.ts";
import { lackIn, lackSaid } from "./privilege.ts";
import {
  endpointsAnswer,
  failedJobsAnswer,
  filtersAnswer,
  jobsAnswer,
  stepsAnswer,
  tablesAnswer,
} from "./registrar-answers.ts";
import {
  attributesOf,
  behaviour,
  endpointBody,
  endpointIn,
  IMAGES,
  imageBody,
  OFF,
  ON,
  STEPS,
  stepIn,
  stepPatch,
  WEBHOOK,
} from "./registration-rows.ts";
import type { Send } from "./requests.ts";

/** By its name Parcours knows an endpoint of its own again, wherever it posts to: there is one of each name. */
export const TRIGGERS = "Parcours";
export const BY_EXAMPLE = "Parcours by example";
export const CONNECTION_TEST = "Parcours connection test";
const JOB_COMPLETED = 3;
const JOB_FAILED = 31;
/** Enough to say that many fail. */
const MOST_FAILED = 50;

export interface RegistrarOptions {
  readonly send: Send;
  /** The Web API's root. */
  readonly url: string;
  /** The key that Dataverse shows to the webhook. */
  readonly key: string;
  /** Of the endpoint; its steps, and no others, are seen and touched. */
  readonly name?: string;
  /** Whether Dataverse keeps the jobs of what it told well, so that one can see that it did. */
  readonly keepsJobs?: boolean;
}

/** Registrations through the Web API's own tables of service endpoints, steps and images. */
export function dataverseRegistrar({
  send,
  url,
  key,
  name = TRIGGERS,
  keepsJobs = false,
}: RegistrarOptions): Registrar {
  const root = url.replace(/\/+$/, "");

  async function endpoint(): Promise<FoundEndpoint | null> {
    const filter = encodeURIComponent(`name eq '${name}' and contract eq ${WEBHOOK}`);
    const path = `serviceendpoints?$select=serviceendpointid,url,authtype,description&$filter=${filter}`;
    const answer = await send({ method: "GET", path }, endpointsAnswer);
    const [first] = answer === "missing" ? [] : answer.value;
    return first === undefined ? null : endpointIn(first);
  }

  async function stepsOf(id: string): Promise<FoundStep[]> {
    const select = "sdkmessageprocessingstepid,mode,stage,filteringattributes,statecode,modifiedon,_modifiedby_value";
    const images = "sdkmessageprocessingstepimageid,entityalias,imagetype,messagepropertyname,attributes";
    const expand = [
      "sdkmessageid($select=name)",
      "sdkmessagefilterid($select=primaryobjecttypecode)",
      `sdkmessageprocessingstepid_sdkmessageprocessingstepimage($select=${images})`,
    ].join(",");
    const filter = encodeURIComponent(`_eventhandler_value eq ${id}`);
    const path = `${STEPS}?$select=${select}&$filter=${filter}&$expand=${expand}`;
    const headers = { prefer: 'odata.include-annotations="*"' };
    const answer = await send({ method: "GET", path, headers }, stepsAnswer);
    return answer === "missing" ? [] : answer.value.map(stepIn);
  }

  async function stepWrites(step: WantedStep): Promise<Write[]> {
    const { table, message } = step;
    const filter = encodeURIComponent(
      `sdkmessageid/name eq '${message}' and primaryobjecttypecode eq '${table}' and iscustomprocessingstepallowed eq true`,
    );
    const path = `sdkmessagefilters?$select=sdkmessagefilterid,_sdkmessageid_value&$filter=${filter}`;
    const [handler, filters] = await Promise.all([endpoint(), send({ method: "GET", path }, filtersAnswer)]);
    const [allowed] = filters === "missing" ? [] : filters.value;
    if (allowed === undefined)
      throw new ParcoursError(
        "DATAVERSE_REFUSED",
        `Dataverse does not let anybody register for ${message} of ${table}: the table does not exist, or it raises no such event`,
      );
    if (handler === null) throw new ParcoursError("DATAVERSE_REFUSED", "Parcours's endpoint is gone: try again");
    const made: Write = {
      method: "POST",
      path: STEPS,
      body: {
        name: `${name}: ${message} of ${table}`,
        rank: 1,
        supporteddeployment: 0,
        asyncautodelete: !keepsJobs,
        ...behaviour(step.columns),
        "eventhandler_serviceendpoint@odata.bind": `/serviceendpoints(${handler.id})`,
        "sdkmessageid@odata.bind": `/sdkmessages(${allowed._sdkmessageid_value})`,
        "sdkmessagefilterid@odata.bind": `/sdkmessagefilters(${allowed.sdkmessagefilterid})`,
      },
    };
    const images = (["pre", "post"] as const).flatMap((kind): Write[] => {
      const columns = step[kind];
      return columns === null ? [] : [{ method: "POST", path: IMAGES, body: imageBody("$1", message, kind, columns) }];
    });
    const off: Write[] = step.enabled ? [] : [{ method: "PATCH", path: "$1", body: OFF }];
    return [made, ...images, ...off];
  }

  async function write(writes: readonly Write[]): Promise<void> {
    const [only] = writes;
    // Without the condition a PATCH would make a row where it is gone.
    if (only !== undefined && writes.length === 1)
      await send(only.method === "PATCH" ? { ...only, headers: { "if-match": "*" } } : only, undefined);
    else await send(changeSet(root, writes), undefined);
  }

  const remove = (path: string): Promise<unknown> => send({ method: "DELETE", path }, undefined);

  async function apply(operation: Operation): Promise<unknown> {
    switch (operation.kind) {
      case "make-endpoint": {
        const body = { name, contract: WEBHOOK, ...endpointBody(operation.endpoint.url, key) };
        return send({ method: "POST", path: "serviceendpoints", body }, undefined);
      }
      case "mend-endpoint": {
        const body = endpointBody(operation.endpoint.url, key);
        return write([{ method: "PATCH", path: `serviceendpoints(${operation.id})`, body }]);
      }
      case "delete-endpoint":
        return remove(`serviceendpoints(${operation.id})`);
      case "create-step":
        return write(await stepWrites(operation.step));
      case "filter-step":
        return write([stepPatch(operation.id, behaviour(operation.columns))]);
      case "enable-step":
        return write([stepPatch(operation.id, ON)]);
      case "disable-step":
        return write([stepPatch(operation.id, OFF)]);
      case "refresh-step":
        return write([stepPatch(operation.id, OFF), stepPatch(operation.id, ON)]);
      case "delete-step":
        return remove(`${STEPS}(${operation.id})`);
      case "create-image": {
        const { step, message, image, columns } = operation;
        const body = imageBody(`/${STEPS}(${step})`, message, image, columns);
        return write([{ method: "POST", path: IMAGES, body }]);
      }
      case "change-image":
        return write([
          {
            method: "PATCH",
            path: `${IMAGES}(${operation.id})`,
            body: { attributes: attributesOf(operation.columns) },
          },
        ]);
      case "delete-image":
        return remove(`${IMAGES}(${operation.id})`);
    }
  }

  return {
    find: () =>
      named("may not see what it registered in Dataverse", async (): Promise<Found> => {
        const there = await endpoint();
        return { endpoint: there, steps: there === null ? [] : await stepsOf(there.id) };
      }),

    columns: (table) =>
      named(`may not see the columns of ${table}`, async () => {
        // A query, not the table's own address: how Dataverse answers for a table that is gone depends on its version.
        const filter = encodeURIComponent(`LogicalName eq '${table}'`);
        const path = `EntityDefinitions?$select=LogicalName&$filter=${filter}&$expand=Attributes($select=LogicalName)`;
        const answer = await send({ method: "GET", path }, tablesAnswer);
        const [found] = answer === "missing" ? [] : answer.value;
        return found && new Set(found.Attributes.map((column) => column.LogicalName));
      }),

    underWay: (before) =>
      named("may not see what Dataverse has still to tell", async () => {
        const there = await endpoint();
        const steps = there === null ? [] : await stepsOf(there.id);
        if (steps.length === 0) return false;
        const ours = steps.map(({ id }) => `_owningextensionid_value eq ${id}`).join(" or ");
        const filter = encodeURIComponent(
          `statecode ne ${JOB_COMPLETED} and createdon lt ${new Date(before).toISOString()} and (${ours})`,
        );
        const path = `asyncoperations?$select=asyncoperationid&$top=1&$filter=${filter}`;
        const answer = await send({ method: "GET", path }, jobsAnswer);
        return answer !== "missing" && answer.value.length > 0;
      }),

    failing: (since) =>
      named("may not see which calls of its webhook failed", async () => {
        const there = await endpoint();
        const steps = there === null ? [] : await stepsOf(there.id);
        if (steps.length === 0) return null;
        const ours = steps.map(({ id }) => `_owningextensionid_value eq ${id}`).join(" or ");
        const after = new Date(since).toISOString();
        const filter = encodeURIComponent(`statuscode eq ${JOB_FAILED} and completedon ge ${after} and (${ours})`);
        const select = "completedon,message,friendlymessage";
        const order = encodeURIComponent("completedon desc");
        const path = `asyncoperations?$select=${select}&$orderby=${order}&$top=${MOST_FAILED}&$filter=${filter}`;
        const answer = await send({ method: "GET", path }, failedJobsAnswer);
        const [latest] = answer === "missing" ? [] : answer.value;
        if (latest === undefined || answer === "missing") return null;
        const said = latest.friendlymessage ?? latest.message ?? "";
        return { count: answer.value.length, at: latest.completedon ?? after, said };
      }),

    apply: (operation) =>
      named(mayNot(operation), async () => {
        await apply(operation);
      }),
  };
}

/** A refusal for want of a privilege says which one, so that an administrator knows what to grant. */
async function named<T>(may: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    const lack =
      fault instanceof ParcoursError && fault.code === "DATAVERSE_REFUSED" ? lackIn(fault.message) : undefined;
    if (lack === undefined) throw fault;
    throw new ParcoursError("DATAVERSE_FORBIDDEN", lackSaid(lack, may), { cause: fault });
  }
}

function mayNot(operation: Operation): string {
  switch (operation.kind) {
    case "create-step":
      return `may not register on ${operation.step.table}`;
    case "make-endpoint":
      return "may not register its webhook in Dataverse";
    default:
      return "may not change what it registered in Dataverse";
  }
}
