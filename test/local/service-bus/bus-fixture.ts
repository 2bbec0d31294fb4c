import { ServiceBusClient } from "@azure/service-bus";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import type { EntitiesInput } from "../../../local/service-bus/config.ts";
import { type ServiceBus, startServiceBus } from "../../../local/service-bus/service-bus.ts";

type Namespace = EntitiesInput["UserConfig"]["Namespaces"][number];

export const entitiesOf = (namespace: Namespace): EntitiesInput => ({ UserConfig: { Namespaces: [namespace] } });

/** One queue called `work`. */
export const queueOf = (properties: Partial<QueueInput> = {}): Namespace => ({
  Queues: [{ Name: "work", Properties: properties }],
});
type QueueInput = NonNullable<NonNullable<Namespace["Queues"]>[number]["Properties"]>;

export interface BusFixture {
  readonly bus: ServiceBus;
  readonly clock: VirtualClock;
  /** A client with short retries. It is closed with the bus. */
  connect(): ServiceBusClient;
  close(): Promise<void>;
}

/** Starts a bus on a free port with its own clock. */
export async function startBus(
  namespace: Namespace,
  options: { file?: string; port?: number } = {},
): Promise<BusFixture> {
  const clock = new VirtualClock();
  const bus = await startServiceBus({
    entities: entitiesOf(namespace),
    port: options.port ?? 0,
    file: options.file,
    clock,
    busy: clock,
  });
  const clients: ServiceBusClient[] = [];
  return {
    bus,
    clock,
    connect() {
      const retryOptions = { retryDelayInMs: 50, maxRetries: 5, timeoutInMs: 10_000 };
      const client = new ServiceBusClient(bus.connectionString, { retryOptions });
      clients.push(client);
      return client;
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await bus.close();
      clock.close();
    },
  };
}

/** Waits until a condition holds; fails after some seconds. */
export async function until(holds: () => boolean | Promise<boolean>, what = "a condition"): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((wake) => setTimeout(wake, 10));
  }
}
