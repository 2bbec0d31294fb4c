import type { IncomingMessage, ServerResponse } from "node:http";
import { givenKey, sameKey } from "../host/keys.ts";
import type { PlatformKeys } from "./saved-state.ts";

export const WEBHOOKS = "/runtime/webhooks/durabletask";

export interface OwnRoutesOptions {
  readonly keys: PlatformKeys;
  /** Answers the durable functions' management API under a base path; false where a path is none of it. */
  readonly durable: (request: IncomingMessage, response: ServerResponse, basePath: string) => Promise<boolean>;
  readonly instances: () => unknown;
}

/** What the host answers itself on the app's address, as paths that no function can have. */
export function ownRoutes({ keys, durable, instances }: OwnRoutesOptions) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const given = givenKey(request, url);
    const opened = (...wanted: string[]) => given !== undefined && wanted.some((key) => sameKey(given, key));

    if (url.pathname.startsWith(`${WEBHOOKS}/`)) {
      if (!opened(keys.durable, keys.master)) return end(response, 401);
      return (await durable(request, response, WEBHOOKS)) || end(response, 404);
    }
    if (url.pathname === "/admin/host/ping") return end(response, 200);
    if (/^\/(admin|runtime)(\/|$)/.test(url.pathname)) {
      if (!opened(keys.master)) return end(response, 401);
      if (url.pathname !== "/admin/host/status") return end(response, 404);
      const body = JSON.stringify({ state: "Running", version: "4.1037.0.0", instances: instances() });
      response.writeHead(200, { "content-type": "application/json" }).end(body);
      return true;
    }
    return false;
  };
}

function end(response: ServerResponse, status: number): true {
  response.writeHead(status, { "content-length": 0 }).end();
  return true;
}
