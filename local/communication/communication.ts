import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Busy, Clock } from "../clock/virtual-clock.ts";
import { emailApi } from "./email-api.ts";
import type { DeliveryStatus } from "./event-grid.ts";
import { FaultPlan, type Faults, faultsSchema } from "./faults.ts";
import { type Answer, type Call, json, readBody, refusal, respond } from "./http.ts";
import { MailStore } from "./mail-store.ts";
import { mailboxApi } from "./mailbox-api.ts";
import { mailboxPage } from "./mailbox-page.ts";
import { type Publish, ReportPublisher } from "./report-publisher.ts";
import { SendQuota } from "./send-quota.ts";

/** A little over what the service takes, so that its own refusal is what a caller sees. */
const LARGEST_BODY_BYTES = 11 * 1024 * 1024;
/** Known to everyone, as this listens on the loopback only; the same at each start, so that clients may keep it. */
const ACCESS_KEY = Buffer.from("the access key of the local communication resource").toString("base64");

export interface CommunicationOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Where mails are kept: the path of an SQLite file, or undefined for memory. */
  readonly file?: string | undefined;
  readonly clock: Clock;
  readonly busy: Busy;
  /** Takes a report, as Event Grid's subscriber would; called again with the same event until it resolves. */
  readonly publish: Publish;
  readonly log?: (line: string) => void;
}

/** A running stand-in for a Communication Services resource with e-mail. Nothing that it takes leaves the machine. */
export interface Communication {
  readonly port: number;
  readonly connectionString: string;
  /** Replaces what goes wrong on demand; without an argument all goes well again. */
  setFault(faults?: Faults): void;
  /** Says what becomes of mail to this address, from now on and after a restart. */
  setDelivery(address: string, status: DeliveryStatus): void;
  close(): Promise<void>;
}

/** Starts the stand-in. Rejects with `EADDRINUSE` where the port is taken. */
export async function startCommunication(options: CommunicationOptions): Promise<Communication> {
  const { clock, busy, publish, log = () => undefined } = options;
  const server = createServer();
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  const store = new MailStore(options.file);
  const publisher = new ReportPublisher(store, publish, busy, log);
  let faults = new FaultPlan();

  const parts = {
    store,
    clock,
    accessKey: ACCESS_KEY,
    faults: () => faults,
    quota: new SendQuota(),
    report: publisher.add.bind(publisher),
  };
  const setFault = (given?: Faults): void => {
    faults = new FaultPlan(given);
  };
  const route = (call: Call): Answer =>
    emailApi(call, parts) ??
    mailboxApi(call, parts) ??
    mailboxPage(call, parts) ??
    faultsApi(call, faults, setFault) ??
    refusal(404, "NotFound", `Nothing answers ${call.request.method} ${call.url.pathname}.`);

  server.on("request", async (request, response) => {
    try {
      respond(response, await answer(request, route));
    } catch (error) {
      log(`${request.method} ${request.url} failed: ${error instanceof Error ? error.stack : error}`);
      if (!response.headersSent)
        respond(response, refusal(500, "InternalServerError", "The stand-in failed; see its log."));
    }
  });

  return {
    port,
    connectionString: `endpoint=http://localhost:${port}/;accesskey=${ACCESS_KEY}`,
    setFault,
    setDelivery: (address, status) => store.setStatus(address, status),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await publisher.close();
      store.close();
    },
  };
}

async function answer(request: IncomingMessage, route: (call: Call) => Answer): Promise<Answer> {
  const body = await readBody(request, LARGEST_BODY_BYTES);
  if (body === undefined) return refusal(413, "RequestEntityTooLarge", "The body is over the limit.");
  // Put together, not resolved: a path with two slashes in front would be read as a host.
  return route({ request, url: new URL(`http://localhost${request.url ?? "/"}`), body });
}

/** Faults over HTTP: read them with how often each struck, replace them, clear them. */
function faultsApi(call: Call, plan: FaultPlan, set: (faults?: Faults) => void): Answer | undefined {
  if (call.url.pathname !== "/faults") return undefined;
  switch (call.request.method) {
    case "GET":
      return json(200, { ...plan.settings, struck: plan.struck() });
    case "DELETE":
      set();
      return json(200, new FaultPlan().settings);
    case "POST":
      return replaceFaults(call.body, set);
    default:
      return undefined;
  }
}

function replaceFaults(body: string, set: (faults?: Faults) => void): Answer {
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    return refusal(400, "BadRequest", "The body is not JSON.");
  }
  const faults = faultsSchema.safeParse(given);
  if (!faults.success) {
    const [issue] = faults.error.issues;
    return refusal(400, "BadRequest", `${issue?.path.join(".")}: ${issue?.message}`);
  }
  set(faults.data);
  return json(200, faults.data);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}
