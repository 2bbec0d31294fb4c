import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Api, Json } from "./api.ts";

export interface Delivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly context: Json;
}

/** The other end of a webhook: keeps what came and answers as told. */
export interface Receiver {
  readonly url: string;
  readonly deliveries: Delivery[];
  /** Statuses of the answers to come, the last of which stays. */
  answer(...statuses: number[]): void;
  /** Takes the next delivery and never answers it. */
  hold(): void;
  /** Answers once so many deliveries came. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function openReceiver(): Promise<Receiver> {
  const deliveries: Delivery[] = [];
  const waiting: { count: number; done: () => void }[] = [];
  let statuses = [202];
  let holding = false;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      deliveries.push({ url: request.url ?? "", headers: request.headers, text, context: JSON.parse(text) as Json });
      for (const { done } of waiting.filter(({ count }) => deliveries.length >= count)) done();
      if (holding) {
        holding = false;
        return;
      }
      response.writeHead((statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/hook`,
    deliveries,
    answer(...next) {
      statuses = next;
    },
    hold() {
      holding = true;
    },
    arrived: (count) =>
      new Promise((done) => {
        if (deliveries.length >= count) done();
        else waiting.push({ count, done });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface StepSpec {
  readonly message: "Create" | "Update" | "Delete";
  readonly table: string;
  readonly filtering?: string;
  readonly pre?: string;
  readonly post?: string;
  readonly autoDelete?: boolean;
}

/** Registers as the documentation says: endpoint, message filter, step, images. Answers endpoint and step. */
export async function register(
  api: Api,
  url: string,
  spec: StepSpec,
  auth: Json = { authtype: 5, authvalue: '<settings><setting name="x-secret" value="s&amp;1"/></settings>' },
) {
  const endpoint = await api.create("serviceendpoints", { name: "hook", url, contract: 8, ...auth });
  const query = `sdkmessagefilters?$select=sdkmessagefilterid,_sdkmessageid_value&$filter=sdkmessageid/name eq '${spec.message}' and primaryobjecttypecode eq '${spec.table}' and iscustomprocessingstepallowed eq true`;
  const [filter] = await api.rows(query);
  const step = await api.create("sdkmessageprocessingsteps", {
    name: `${spec.message} of ${spec.table}`,
    mode: 1,
    stage: 40,
    rank: 1,
    supporteddeployment: 0,
    asyncautodelete: spec.autoDelete ?? true,
    ...(spec.filtering ? { filteringattributes: spec.filtering } : {}),
    "eventhandler_serviceendpoint@odata.bind": `/serviceendpoints(${endpoint})`,
    "sdkmessageid@odata.bind": `/sdkmessages(${String(filter?._sdkmessageid_value)})`,
    "sdkmessagefilterid@odata.bind": `/sdkmessagefilters(${String(filter?.sdkmessagefilterid)})`,
  });
  const images = [
    { imagetype: 0, entityalias: "Pre", attributes: spec.pre },
    { imagetype: 1, entityalias: "Post", attributes: spec.post },
  ].filter((image) => image.attributes !== undefined);
  for (const image of images)
    await api.create("sdkmessageprocessingstepimages", {
      name: image.entityalias,
      messagepropertyname: spec.message === "Create" ? "Id" : "Target",
      "sdkmessageprocessingstepid@odata.bind": `/sdkmessageprocessingsteps(${step})`,
      ...image,
    });
  return { endpoint, step };
}

type Pairs = readonly { readonly key: string; readonly value: unknown }[];

/** An array of key and value as an object. */
export function paired(value: unknown): Json {
  return Object.fromEntries((value as Pairs).map((pair) => [pair.key, pair.value]));
}

export function targetOf(context: Json): Json {
  return paired(context.InputParameters).Target as Json;
}

export function attributesOf(value: unknown): Json {
  return paired((value as Json).Attributes);
}
