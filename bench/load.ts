import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Requests as bytes, made beforehand: the client must cost less than what it measures. */
export function postRequests(path: string, bodies: readonly string[]): Buffer[] {
  return bodies.map((body) => {
    const bytes = Buffer.from(body);
    const head = `POST ${path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: ${bytes.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), bytes]);
  });
}

/**
 * Sends requests over several connections, each the next one as soon as the last was answered, for some seconds.
 * All answers of a server must be of one length and 2xx. Answers how many a second.
 */
export async function loadFor(
  seconds: number,
  port: number,
  requests: readonly Buffer[],
  connections = 16,
): Promise<number> {
  const sockets = Array.from({ length: connections }, () => connect({ port, host: "127.0.0.1", noDelay: true }));
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  const start = performance.now();
  const until = start + seconds * 1000;
  let answered = 0;
  let next = 0;
  await Promise.all(
    sockets.map((socket) =>
      converse(
        socket,
        () => (performance.now() < until ? requests[next++ % requests.length] : undefined),
        () => answered++,
      ),
    ),
  );
  return answered / ((performance.now() - start) / 1000);
}

function converse(socket: Socket, request: () => Buffer | undefined, answered: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const send = (): void => {
      const bytes = request();
      if (bytes === undefined) socket.end(resolve);
      else socket.write(bytes);
    };
    // An answer without a body fits one packet on the loopback; what is cut or refused ends the run with an error.
    socket.on("data", (chunk) => {
      if (!chunk.toString("latin1", 0, 10).startsWith("HTTP/1.1 2") || !chunk.toString("latin1").endsWith("\r\n\r\n")) {
        reject(new Error(`an answer that is none: ${chunk.toString("latin1").slice(0, 80)}`));
        return;
      }
      answered();
      send();
    });
    socket.on("error", reject);
    send();
  });
}
