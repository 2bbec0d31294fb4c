import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What befalls a request on its way. */
export type Treatment =
  | "pass"
  /** It arrives and is answered, and the answer is lost. */
  | "lose-answer"
  | "lose-request"
  /** Nothing is heard until the caller gives up. */
  | "hang"
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

export interface FaultyProxy {
  readonly port: number;
  /** Method and path of each request, in order. */
  readonly requests: readonly string[];
  /** What befalls the next requests, one each; those after them pass. */
  treat(...next: readonly Treatment[]): void;
  close(): Promise<void>;
}

/** An HTTP proxy in front of a server of this machine, on a free port. Requests arrive as they were sent, host too. */
export async function startFaultyProxy(target: number): Promise<FaultyProxy> {
  const requests: string[] = [];
  let treatments: Treatment[] = [];
  const server = createServer(async (incoming, outgoing) => {
    requests.push(`${incoming.method} ${incoming.url?.split("?")[0]}`);
    const treatment = treatments.shift() ?? "pass";
    const body = await read(incoming);
    if (treatment === "hang") return;
    if (treatment === "lose-request") outgoing.destroy();
    else if (typeof treatment === "object")
      outgoing.writeHead(treatment.status, { ...treatment.headers }).end(treatment.body);
    else await forward(incoming, body, outgoing, target, treatment);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    treat: (...next) => {
      treatments = [...next];
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function forward(
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  port: number,
  treatment: "pass" | "lose-answer",
): Promise<void> {
  const { method, url, headers } = incoming;
  const onward = request({ host: "127.0.0.1", port, method, path: url, headers, agent: false });
  onward.on("error", () => outgoing.destroy());
  onward.end(body);
  const [answer] = (await once(onward, "response")) as [IncomingMessage];
  const answered = await read(answer);
  if (treatment === "lose-answer") return void outgoing.destroy();
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(answered);
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
