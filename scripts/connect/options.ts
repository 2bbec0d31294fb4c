import { parseArgs } from "node:util";

export const USAGE = `npm run connect -- --environment https://<name>.crm4.dynamics.com [options]

  --check           looks at everything, changes nothing
  --client-id ID    client id of the app's identity (default: that of the azd environment; else you are the user)
  --webhook URL     where Dataverse reaches Parcours (default: that of the azd environment)
  --tables a,b      tables that triggers will be about: reading them is checked too
  --writes a,b      tables that journeys will write: writing them is checked too
  --settings FILE   writes the settings into this file, of the form of local.settings.json

The webhook's key is read from PARCOURS_WEBHOOK_KEY, or from the deployment's key vault. docs/connect.md says more.`;

export interface ConnectOptions {
  /** The environment's origin. */
  readonly environment: string;
  readonly webApi: string;
  readonly check: boolean;
  readonly clientId: string | undefined;
  readonly webhook: string | undefined;
  readonly tables: readonly string[];
  readonly writes: readonly string[];
  readonly settingsFile: string | undefined;
}

/** Reads the command line; "help" where it asks for help. Throws with what is wrong. */
export function connectOptions(args: readonly string[]): ConnectOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      environment: { type: "string" },
      check: { type: "boolean", default: false },
      "client-id": { type: "string" },
      webhook: { type: "string" },
      tables: { type: "string" },
      writes: { type: "string" },
      settings: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const environment = originOf(values.environment);
  const clientId = values["client-id"]?.toLowerCase();
  if (clientId !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(clientId))
    throw new RangeError("--client-id takes a GUID: the client id of the app's managed identity.");
  if (values.webhook !== undefined && !URL.canParse(values.webhook))
    throw new RangeError(`--webhook takes an address, not "${values.webhook}".`);
  return {
    environment,
    webApi: `${environment}/api/data/v9.2`,
    check: values.check,
    clientId,
    webhook: values.webhook,
    tables: tablesIn(values.tables),
    writes: tablesIn(values.writes),
    settingsFile: values.settings,
  };
}

function originOf(text: string | undefined): string {
  const url = URL.parse(text ?? "") ?? URL.parse(`https://${text ?? ""}`);
  if (text === undefined || url === null)
    throw new RangeError("--environment takes the environment's address: https://<name>.crm4.dynamics.com");
  const local = url.hostname === "localhost" || url.hostname === "127.0.0.1";
  if (url.protocol !== "https:" && !local) throw new RangeError(`--environment takes https, not ${url.protocol}//`);
  return url.origin;
}

function tablesIn(list: string | undefined): string[] {
  const tables = (list ?? "").split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim().toLowerCase()]));
  const strange = tables.find((name) => !/^[a-z][a-z0-9_]*$/.test(name));
  if (strange !== undefined) throw new RangeError(`"${strange}" is no logical name of a table.`);
  return tables;
}
