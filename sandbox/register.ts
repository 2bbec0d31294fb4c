import type { Client, Row } from "./client.ts";

/** What Dataverse must tell of one table: on which messages, filtered by which columns, with which images. */
export interface Registration {
  readonly table: string;
  readonly message: "Create" | "Update" | "Delete";
  /** Columns whose update counts; empty for all. */
  readonly columns: readonly string[];
  /** Columns that the images carry. */
  readonly image: readonly string[];
}

const WEBHOOK = 8;
const HTTP_HEADER = 5;
const ASYNCHRONOUS = 1;
const POST_OPERATION = 40;
const PRE_IMAGE = 0;
const POST_IMAGE = 1;

const NAME = "Parcours";

/**
 * Points Parcours's webhook, if it is registered, to where the app is now, with the key that it has now: an
 * environment that was made elsewhere, as a copied one, still names the old ones.
 */
export async function pointWebhook(client: Client): Promise<void> {
  const filter = encodeURIComponent(`name eq '${NAME}'`);
  const { value } = await client.read(`serviceendpoints?$select=serviceendpointid&$filter=${filter}`);
  for (const { serviceendpointid } of value as Row[])
    await client.update("serviceendpoints", String(serviceendpointid), webhookOf(client));
}

/** Registers Parcours's webhook for these changes, as a solution's administrator would with the registration tool. */
export async function register(client: Client, registrations: readonly Registration[]): Promise<void> {
  const endpoint = await client.create("serviceendpoints", {
    name: NAME,
    contract: WEBHOOK,
    authtype: HTTP_HEADER,
    ...webhookOf(client),
  });
  for (const registration of registrations) await registerOne(client, endpoint, registration);
}

function webhookOf(client: Client): Row {
  return {
    url: `${client.at.app}/api/dataverse/webhook`,
    authvalue: `<settings><setting name="x-parcours-key" value="${client.at.webhookKey}"/></settings>`,
  };
}

async function registerOne(client: Client, endpoint: string, it: Registration): Promise<void> {
  const filter = `sdkmessageid/name eq '${it.message}' and primaryobjecttypecode eq '${it.table}'`;
  const found = await client.read(
    `sdkmessagefilters?$select=sdkmessagefilterid,_sdkmessageid_value&$filter=${encodeURIComponent(filter)}`,
  );
  const [first] = found.value as Row[];
  if (first === undefined) throw new Error(`Dataverse has no message ${it.message} on ${it.table}`);
  const step = await client.create("sdkmessageprocessingsteps", {
    name: `Parcours: ${it.message} of ${it.table}`,
    mode: ASYNCHRONOUS,
    stage: POST_OPERATION,
    rank: 1,
    supporteddeployment: 0,
    asyncautodelete: true,
    ...(it.columns.length === 0 ? {} : { filteringattributes: it.columns.join(",") }),
    "eventhandler_serviceendpoint@odata.bind": `/serviceendpoints(${endpoint})`,
    "sdkmessageid@odata.bind": `/sdkmessages(${first._sdkmessageid_value})`,
    "sdkmessagefilterid@odata.bind": `/sdkmessagefilters(${first.sdkmessagefilterid})`,
  });
  const images = [
    ...(it.message === "Create" ? [] : [{ name: "Pre", imagetype: PRE_IMAGE }]),
    ...(it.message === "Delete" ? [] : [{ name: "Post", imagetype: POST_IMAGE }]),
  ];
  for (const image of images)
    await client.create("sdkmessageprocessingstepimages", {
      ...image,
      entityalias: image.name,
      messagepropertyname: it.message === "Create" ? "Id" : "Target",
      attributes: it.image.join(","),
      "sdkmessageprocessingstepid@odata.bind": `/sdkmessageprocessingsteps(${step})`,
    });
}
