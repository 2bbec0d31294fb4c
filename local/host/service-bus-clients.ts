import { ServiceBusClient, type ServiceBusClientOptions, type ServiceBusSender } from "@azure/service-bus";
import { type ServiceBusConnection, type Settings, serviceBusConnection } from "./settings.ts";

/**
 * A broker on this machine is back soon: the client's own 30 s between two tries would only make people wait. And what
 * was settled over a connection that was cut is never answered: the client's own minute for it would hold up all that
 * is settled after it, whose locks are renewed meanwhile.
 */
const OPTIONS: ServiceBusClientOptions = {
  retryOptions: { retryDelayInMs: 200, maxRetryDelayInMs: 1000, maxRetries: 10, timeoutInMs: 10_000 },
};

/** One client for each connection, one sender for each entity, as the extension keeps them. */
export class ServiceBusClients {
  readonly #settings: Settings;
  readonly #clients = new Map<string, Promise<ServiceBusClient>>();
  readonly #senders = new Map<string, Promise<ServiceBusSender>>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** The client for the connection that a binding names. */
  client(connection: string | undefined): Promise<ServiceBusClient> {
    const key = connection ?? "";
    const known = this.#clients.get(key) ?? connect(serviceBusConnection(connection, this.#settings));
    this.#clients.set(key, known);
    return known;
  }

  sender(connection: string | undefined, entity: string): Promise<ServiceBusSender> {
    const key = `${connection ?? ""} ${entity}`;
    const known = this.#senders.get(key) ?? this.client(connection).then((client) => client.createSender(entity));
    this.#senders.set(key, known);
    return known;
  }

  async close(): Promise<void> {
    const clients = await Promise.all(this.#clients.values());
    await Promise.allSettled(clients.map((client) => client.close()));
  }
}

async function connect(connection: ServiceBusConnection): Promise<ServiceBusClient> {
  if (connection.kind === "connection-string") return new ServiceBusClient(connection.value, OPTIONS);
  // Only a real namespace needs it, and it takes a while to load.
  const { DefaultAzureCredential } = await import("@azure/identity");
  const { clientId, namespace } = connection;
  const credential = new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  return new ServiceBusClient(namespace, credential, OPTIONS);
}
