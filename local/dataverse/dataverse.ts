import type { Busy, Clock } from "../clock/virtual-clock.ts";
import { Environment, organizationIdOf } from "./environment.ts";
import { explorerPage } from "./explorer/pages.ts";
import { faultsApi } from "./http/faults-api.ts";
import { type ApiFault, serve } from "./http/server.ts";
import type { Lacking } from "./records/privileges.ts";
import type { WebhookFault } from "./webhooks/delivery.ts";

export interface DataverseOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** An SQLite file; memory when left out. */
  readonly file?: string | undefined;
  readonly clock: Pick<Clock, "now">;
  readonly busy: Busy;
  readonly log?: (line: string) => void;
  readonly organizationId?: string;
  readonly organizationName?: string;
}

/** What goes wrong until told otherwise; `{}` ends every fault. */
export interface DataverseFault {
  /** `lost`: not posted, a failed system job stays; `vanished`: not posted, no trace; `twice`: posted twice. */
  readonly webhook?: WebhookFault;
  /** Web API answers 429 with Retry-After of so many seconds; `true` is 1. */
  readonly throttle?: boolean | number;
  /** Web API answers 503. */
  readonly down?: boolean;
  /** Web API answers that much later, real time. */
  readonly slowMs?: number;
  /** Privileges that users lack, by user id; under `*` everybody. */
  readonly lacks?: Lacking;
}

export interface Dataverse {
  readonly port: number;
  /** `http://localhost:PORT/api/data/v9.2` */
  readonly url: string;
  readonly organizationId: string;
  setFault(fault: DataverseFault): void;
  /** Jobs not yet delivered stay in the file for the next start. */
  close(): Promise<void>;
}

/** Starts a Dataverse environment: Web API, webhooks, explorer. @throws Error when the port is taken */
export async function startDataverse(options: DataverseOptions): Promise<Dataverse> {
  const { clock, busy, log = () => undefined, organizationName = "orglocal" } = options;
  const environment = new Environment({
    file: options.file,
    now: () => clock.now(),
    open: (what) => busy.open(what),
    log,
    organizationId: options.organizationId ?? organizationIdOf(organizationName),
    organizationName,
  });
  let fault: DataverseFault = {};
  const setFault = (next: DataverseFault): void => {
    fault = next;
    environment.delivery.fault = next.webhook ?? "none";
    environment.privileges.lacking = next.lacks ?? {};
  };
  const server = await serve(options.port, {
    environment,
    fault: () => apiFault(fault),
    faults: (method, body) => faultsApi(method, body, { get: () => fault, set: setFault }),
    page: explorerPage,
  }).catch((error: unknown) => {
    environment.close();
    throw error;
  });
  return {
    port: server.port,
    url: `http://localhost:${server.port}/api/data/v9.2`,
    organizationId: environment.organizationId,
    setFault,
    async close() {
      await server.close();
      environment.close();
    },
  };
}

function apiFault({ throttle = false, down = false, slowMs = 0 }: DataverseFault): ApiFault {
  return { down, slowMs, throttleSeconds: throttle === false ? undefined : throttle === true ? 1 : throttle };
}
