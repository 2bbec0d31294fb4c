import { readdirSync, readFileSync } from "node:fs";
import type { Client } from "./client.ts";

const HERE = new URL("./definitions/", import.meta.url);
/** In the order in which one needs the other. */
const KINDS = ["triggers", "surveys", "mails", "journeys"] as const;

/** Saves and publishes every definition of the sample company through the API. What is there already is left as it is. */
export async function publishDefinitions(client: Client): Promise<void> {
  for (const kind of KINDS) {
    const folder = new URL(`${kind}/`, HERE);
    const documents = readdirSync(folder).map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")));
    await Promise.all(documents.map((document) => publish(client, kind, document)));
  }
}

/** Saves one definition as a draft and publishes it. */
export async function publish(client: Client, kind: string, document: { slug: string }): Promise<void> {
  const path = `/api/${kind}/${document.slug}`;
  await client.api("PUT", path, document);
  await client.api("POST", `${path}/publish`);
}
