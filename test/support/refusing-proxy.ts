import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface RefusingProxy {
  /** Of the Web API behind it. */
  readonly url: string;
  /** Where it passes requests on to. */
  target: string;
  /** Answers 403 with this message to requests that `refuses` names. */
  refuses: ((method: string, path: string) => string | undefined) | undefined;
  close(): Promise<void>;
}

/** A Dataverse whose administrator gave too few privileges: it stands before one that has no such thing. */
export async function startRefusingProxy(): Promise<RefusingProxy> {
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "").replace(/^\/api\/data\/v9\.2\//, "");
    const refused = proxy.refuses?.(request.method ?? "", decodeURIComponent(path));
    if (refused !== undefined) {
      response.writeHead(403, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { code: "0x80040220", message: refused } }));
      return;
    }
    const { host: _host, connection: _connection, ...headers } = request.headers;
    const body = await bodyOf(request);
    const answer = await fetch(`${proxy.target}/${path}`, {
      method: request.method ?? "GET",
      headers: headers as Record<string, string>,
      ...(body.length > 0 && { body }),
    });
    const type = answer.headers.get("content-type");
    response.writeHead(answer.status, type === null ? {} : { "content-type": type });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: RefusingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/data/v9.2`,
    target: "",
    refuses: undefined,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return proxy;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
