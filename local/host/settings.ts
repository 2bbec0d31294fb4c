/** App settings, as user code sees them in `process.env`. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** Replaces `%NAME%` by the app setting of that name, as the host does in names and schedules of bindings. */
export function resolveNames(text: string, settings: Settings): string {
  return text.replaceAll(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name];
    if (value === undefined)
      throw new Error(
        `"%${name}%" does not resolve: there is no app setting ${name} (add it to "Values" of local.settings.json, or to the environment).`,
      );
    return value;
  });
}

/** How to reach a Service Bus: a connection string, or a namespace that an identity opens. */
export type ServiceBusConnection =
  | { readonly kind: "connection-string"; readonly value: string }
  | { readonly kind: "identity"; readonly namespace: string; readonly clientId: string | undefined };

const DEFAULT_CONNECTION = "AzureWebJobsServiceBus";

/**
 * Finds the connection that a binding names: the setting itself (also with the prefix `AzureWebJobs`) is a connection
 * string; `NAME__fullyQualifiedNamespace` is a namespace to open with the app's identity. On the loopback there is no
 * identity, so a namespace there means the local broker.
 */
export function serviceBusConnection(name: string | undefined, settings: Settings): ServiceBusConnection {
  const prefix = name === undefined || name === "" ? DEFAULT_CONNECTION : name.replaceAll("%", "");
  const value = settings[prefix] ?? settings[`AzureWebJobs${prefix}`] ?? settings[`${prefix}__connectionString`];
  if (value !== undefined && value !== "") return { kind: "connection-string", value };
  const namespace = settings[`${prefix}__fullyQualifiedNamespace`];
  if (namespace === undefined) {
    throw new Error(
      `There is no app setting ${prefix} nor ${prefix}__fullyQualifiedNamespace for the Service Bus connection: the first holds a connection string.`,
    );
  }
  if (/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(namespace)) {
    const key = "SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true";
    return { kind: "connection-string", value: `Endpoint=sb://${namespace};${key}` };
  }
  return { kind: "identity", namespace, clientId: settings[`${prefix}__clientId`] };
}
