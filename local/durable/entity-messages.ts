import type { EntityName } from "./answer.ts";
import type { Stamp } from "./stamp.ts";

const NAMESPACE = "Microsoft.Azure.WebJobs.Extensions.DurableTask";
const typed = (name: string): string => `${NAMESPACE}.${name}, ${NAMESPACE}`;

/** An operation for an entity, or a request for its lock (then `op` is null and `lockset` given). */
export interface EntityRequest {
  readonly op: string | null;
  readonly signal?: boolean;
  readonly input?: string;
  readonly id: string;
  readonly parent?: string;
  readonly parentExecution?: string;
  readonly scheduled?: Stamp;
  readonly Timestamp?: Stamp;
  readonly Predecessor?: string;
  readonly lockset?: readonly EntityName[];
  readonly pos?: number;
  readonly requestTime?: string;
}

export function requestText(request: EntityRequest): string {
  const {
    op,
    signal,
    input,
    id,
    parent,
    parentExecution,
    scheduled,
    Timestamp,
    Predecessor,
    lockset,
    pos,
    requestTime,
  } = request;
  return JSON.stringify({
    $type: typed("RequestMessage"),
    op,
    signal: signal || undefined,
    input,
    id,
    parent,
    parentExecution,
    scheduled,
    Timestamp,
    Predecessor,
    lockset: lockset?.map(({ name, key }) => ({ $type: typed("EntityId"), name, key })),
    pos: pos || undefined,
    requestTime,
  });
}

export interface EntityRelease {
  readonly parent: string;
  readonly id: string;
}

export function releaseText({ parent, id }: EntityRelease): string {
  return JSON.stringify({ $type: typed("ReleaseMessage"), parent, id });
}

export function responseText(result: string | null, exceptionType?: string): string {
  return JSON.stringify({ $type: typed("ResponseMessage"), result, exceptionType });
}

/** `@counter@key`: the name in lower case, as the engine keeps entities. */
export function schedulerId({ name, key }: EntityName): string {
  return `@${name.toLowerCase()}@${key}`;
}

export function entityOf(instanceId: string): EntityName | undefined {
  const end = instanceId.startsWith("@") ? instanceId.indexOf("@", 1) : -1;
  if (end === -1) return undefined;
  return { name: instanceId.slice(1, end), key: instanceId.slice(end + 1) };
}
