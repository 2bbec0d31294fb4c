/** Where the management API is reached from outside, and what every address of it carries. */
export interface Hub {
  readonly hubName: string;
  /** The system key of the webhooks. */
  readonly key: string;
}

const WEBHOOK_PATH = "/runtime/webhooks/durabletask";

export function webhookBase(origin: string): string {
  return `${origin}${WEBHOOK_PATH}`;
}

export function requiredQuery({ hubName, key }: Hub): string {
  return `taskHub=${hubName}&connection=Storage&code=${key}`;
}

/** As .NET's UrlEncode writes an id: a blank as a plus. */
export function encoded(id: string): string {
  return encodeURIComponent(id).replaceAll("%20", "+").replaceAll("'", "%27").replaceAll("~", "%7E");
}

/** The addresses of one instance, `{eventName}` and `{text}` still to be filled in. */
export function managementUris(base: string, id: string, hub: Hub): Record<string, string> {
  const instance = `${base}/instances/${encoded(id)}`;
  return instanceUris(instance, id, requiredQuery(hub));
}

/** As the host answers a start: without rewind, which it keeps for the client binding. */
export function startedUris(base: string, id: string, hub: Hub): Record<string, string> {
  const { rewindPostUri: _, ...uris } = managementUris(base, id, hub);
  return uris;
}

/** The durable client's input binding: JSON text. */
export function clientBindingText(urls: { rpcBaseUrl: string; webhookUrl: string }, hub: Hub): string {
  const base = urls.webhookUrl.replace(/\/$/, "");
  const query = requiredQuery(hub);
  return JSON.stringify({
    taskHubName: hub.hubName,
    creationUrls: {
      createNewInstancePostUri: `${base}/orchestrators/{functionName}[/{instanceId}]?code=${hub.key}`,
      createAndWaitOnNewInstancePostUri: `${base}/orchestrators/{functionName}[/{instanceId}]?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&code=${hub.key}`,
    },
    managementUrls: instanceUris(`${base}/instances/INSTANCEID`, "INSTANCEID", query),
    baseUrl: base,
    requiredQueryStringParameters: `code=${hub.key}`,
    rpcBaseUrl: urls.rpcBaseUrl,
  });
}

function instanceUris(instance: string, id: string, query: string): Record<string, string> {
  return {
    id,
    statusQueryGetUri: `${instance}?${query}`,
    sendEventPostUri: `${instance}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: `${instance}/terminate?reason={text}&${query}`,
    rewindPostUri: `${instance}/rewind?reason={text}&${query}`,
    purgeHistoryDeleteUri: `${instance}?${query}`,
    restartPostUri: `${instance}/restart?${query}`,
    suspendPostUri: `${instance}/suspend?reason={text}&${query}`,
    resumePostUri: `${instance}/resume?reason={text}&${query}`,
  };
}
