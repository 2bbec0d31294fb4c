import type { VirtualClock } from "../clock/virtual-clock.ts";
import { type Communication, startCommunication } from "../communication/communication.ts";
import { type Dataverse, startDataverse } from "../dataverse/dataverse.ts";
import { openScheduler, type Scheduler, type SchedulerOptions } from "../durable/scheduler.ts";
import type { HostJson } from "../host/host-json.ts";
import type { EntitiesInput } from "../service-bus/config.ts";
import { type ServiceBus, startServiceBus } from "../service-bus/service-bus.ts";
import { portError } from "./listen.ts";
import type { PlatformKeys, SavedState } from "./saved-state.ts";

/** What the platform is made of, beside the app's instances. */
export interface Parts {
  readonly scheduler: Scheduler;
  readonly bus: ServiceBus | undefined;
  readonly dataverse: Dataverse | undefined;
  readonly communication: Communication | undefined;
  close(): Promise<void>;
}

export interface PartsOptions {
  readonly clock: VirtualClock;
  readonly state: SavedState;
  readonly keys: PlatformKeys;
  readonly host: HostJson;
  readonly ports: { readonly serviceBus?: number; readonly dataverse?: number; readonly communication?: number };
  readonly entities: EntitiesInput | undefined;
  readonly mailReportsTo: string;
  readonly log: (line: string) => void;
}

const NO_ENTITIES: EntitiesInput = { UserConfig: { Namespaces: [{}] } };

/** Starts each part that has a port, and the scheduler. What was started is closed where a later one fails. */
export async function startParts(options: PartsOptions): Promise<Parts> {
  const { clock, state, keys, host, ports, entities = NO_ENTITIES, mailReportsTo } = options;
  const common = (part: string) => ({ clock, busy: clock, log: (line: string) => options.log(`${part}: ${line}`) });
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closeOne of closing.splice(0).reverse()) await closeOne();
  };
  const start = async <P extends { close(): Promise<void> }>(
    what: string,
    port: number | undefined,
    run: (port: number) => Promise<P>,
  ): Promise<P | undefined> => {
    if (port === undefined) return undefined;
    const part = await run(port).catch((error: unknown) => {
      throw portError(error, what, port);
    });
    closing.push(() => part.close());
    return part;
  };

  try {
    const bus = await start("the Service Bus", ports.serviceBus, (port) =>
      startServiceBus({ ...common("bus"), port, file: state.file("service-bus.journal"), entities }),
    );
    const scheduler = openScheduler({
      ...common("durable"),
      file: state.file("durable.db") ?? ":memory:",
      key: keys.durable,
      ...hubOf(host),
    });
    closing.push(() => scheduler.close());
    const dataverse = await start("Dataverse", ports.dataverse, (port) =>
      startDataverse({ ...common("dataverse"), port, file: state.file("dataverse.db") }),
    );
    const communication = await start("Communication Services", ports.communication, (port) =>
      startCommunication({
        ...common("mail"),
        port,
        file: state.file("communication.db"),
        // As Event Grid does with a Service Bus as its handler: one message an event.
        publish: async (event) => bus?.send(mailReportsTo, { body: event, contentType: "application/json" }),
      }),
    );
    return { scheduler, bus, dataverse, communication, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What host.json says of the task hub; what it leaves out is the scheduler's to choose. */
function hubOf({
  extensions: { durableTask: given },
}: HostJson): Pick<SchedulerOptions, "hubName" | "versioning" | "limits"> {
  return {
    hubName: given.hubName,
    versioning: present({
      defaultVersion: given.defaultVersion,
      versionMatchStrategy: given.versionMatchStrategy,
      versionFailureStrategy: given.versionFailureStrategy,
    }),
    limits: present({
      orchestrator: given.maxConcurrentOrchestratorFunctions,
      activity: given.maxConcurrentActivityFunctions,
      entity: given.maxConcurrentEntityFunctions,
    }),
  };
}

function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
