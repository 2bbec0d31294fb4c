import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Busy } from "../clock/virtual-clock.ts";
import type { AppInstance } from "./app-instance.ts";

export interface FrontDoorOptions {
  readonly busy: Busy;
  /** An instance to pass a request to, or undefined where none is up in time. */
  readonly instance: () => Promise<AppInstance | undefined>;
  /** Takes what the platform answers itself; false where the request is for the app. */
  readonly own: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  readonly log: (line: string) => void;
}

/** The address of the function app: passes requests on, as streams, to whichever instance is up. */
export function frontDoor(options: FrontDoorOptions): Server {
  const server = createServer(async (request, response) => {
    const done = options.busy.open("HTTP request");
    response.once("close", done);
    try {
      if (!URL.canParse(request.url ?? "/", `http://${request.headers.host ?? "localhost"}`))
        return refuse(response, 400, "The request's address or host can't be read.");
      if (await options.own(request, response)) return;
      await pass(request, response, options);
    } catch (error) {
      options.log(`front door: ${request.method} ${request.url}: ${error instanceof Error ? error.message : error}`);
      refuse(response, 502, "The app instance went away while it had this request.");
    }
  });
  server.requestTimeout = 0;
  return server;
}

async function pass(request: IncomingMessage, response: ServerResponse, options: FrontDoorOptions): Promise<void> {
  for (;;) {
    const instance = await options.instance();
    if (response.closed) return;
    if (instance === undefined) {
      response.setHeader("retry-after", "1");
      return refuse(response, 503, "No instance of the app is up.");
    }
    try {
      if ((await passTo(instance, request, response)) === "not-reached") continue;
    } catch (error) {
      // It says so itself in a moment, if it is gone.
      const end = await Promise.race([instance.whenGone, wait(1000, undefined, { ref: false })]);
      if (end === undefined || end.lost || response.headersSent) throw error;
      // The machine lives, only the process of the app's code ended: to the host the function has failed.
      response.writeHead(500, { "content-length": 0 }).end();
    }
    return;
  }
}

/** Answers `not-reached` where not a byte of the request went out, so that another instance may have it. */
function passTo(
  instance: AppInstance,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<"done" | "not-reached"> {
  return new Promise((resolve, reject) => {
    let connected = false;
    const onward = httpRequest({
      host: "127.0.0.1",
      port: instance.ready?.port,
      method: request.method,
      path: request.url,
      headers: onwardHeaders(request),
      agent: instance.agent,
    });
    onward.on("socket", (socket) => {
      const go = (): void => {
        connected = true;
        request.pipe(onward);
      };
      if (socket.connecting) socket.once("connect", go);
      else go();
    });
    onward.on("response", (answer) => {
      const { connection: _, "keep-alive": __, "transfer-encoding": ___, ...headers } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
      answer.pipe(response);
      answer.on("error", () => response.destroy());
      answer.on("end", () => resolve("done"));
    });
    onward.on("error", (error) => {
      request.unpipe(onward);
      if (connected) reject(error);
      else resolve("not-reached");
    });
    response.once("close", () => {
      onward.destroy();
      resolve("done");
    });
  });
}

/** As a proxy hands them on: without what belongs to one connection, and with where the caller came from. */
function onwardHeaders(request: IncomingMessage): string[] {
  const headers: string[] = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at] ?? "";
    if (/^(connection|keep-alive|proxy-connection|expect)$/i.test(name)) continue;
    headers.push(name, request.rawHeaders[at + 1] ?? "");
  }
  return headers;
}

function refuse(response: ServerResponse, status: number, why: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { "content-type": "text/plain" }).end(why);
}
