import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

const TABLE = /^EntityDefinitions\(LogicalName='(\w+)'\)/;

/**
 * A Web API of fixed metadata whose rows answer as the test says: for what a well-behaved stand-in never does, such as
 * throttling, breaking off or refusing.
 */
export async function scriptedOrganisation(rows: (asked: Asked) => Answer | "hang-up" | Promise<Answer>) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const path = decodeURIComponent((request.url ?? "").replace("/api/data/v9.2/", ""));
    const it = { method: request.method ?? "", path, headers: request.headers, body: text && JSON.parse(text) };
    asked.push(it);
    const answer = metadata(path) ?? (await rows(it));
    if (answer === "hang-up") request.socket.destroy();
    else send(response, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/data/v9.2`,
    asked,
    /** What was asked of rows, not of metadata. */
    ofRows: () => asked.filter((it) => !TABLE.test(it.path)),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function metadata(path: string): Answer | undefined {
  const table = TABLE.exec(path)?.[1];
  if (table === undefined) return undefined;
  if (path.includes("/ManyToOneRelationships")) return { status: 200, body: { value: RELATIONS } };
  if (path.includes("PicklistAttributeMetadata") && !path.includes("Multi")) return { status: 200, body: OPTIONS };
  if (path.includes("BooleanAttributeMetadata")) return { status: 200, body: BOOLEANS };
  if (path.includes("AttributeMetadata")) return { status: 200, body: { value: [] } };
  if (path.includes("/Attributes")) return { status: 200, body: { value: COLUMNS } };
  return { status: 200, body: { EntitySetName: `${table}s`, PrimaryIdAttribute: `${table}id` } };
}

const COLUMNS = [
  ["title", "String"],
  ["prioritycode", "Picklist"],
  ["customerid", "Customer"],
  ["createdon", "DateTime"],
  ["due", "DateTime"],
  ["amount", "Money"],
  ["isescalated", "Boolean"],
].map(([LogicalName, AttributeType]) => ({
  LogicalName,
  AttributeType,
  AttributeTypeName: { Value: `${AttributeType}Type` },
}));
COLUMNS.push({
  LogicalName: "channels",
  AttributeType: "Virtual",
  AttributeTypeName: { Value: "MultiSelectPicklistType" },
});

const RELATIONS = ["account", "contact"].map((table) => ({
  ReferencingAttribute: "customerid",
  ReferencedEntity: table,
  ReferencingEntityNavigationPropertyName: `customerid_${table}`,
}));

const label = (english: string, french: string) => ({
  LocalizedLabels: [
    { Label: english, LanguageCode: 1033 },
    { Label: french, LanguageCode: 1036 },
  ],
  UserLocalizedLabel: { Label: english, LanguageCode: 1033 },
});

const OPTIONS = {
  value: [
    {
      LogicalName: "prioritycode",
      OptionSet: { Options: [{ Value: 1, Label: label("High", "Haute") }] },
      GlobalOptionSet: null,
    },
  ],
};
const BOOLEANS = {
  value: [
    {
      LogicalName: "isescalated",
      OptionSet: {
        TrueOption: { Value: 1, Label: label("Yes", "Oui") },
        FalseOption: { Value: 0, Label: label("No", "Non") },
      },
    },
  ],
};
