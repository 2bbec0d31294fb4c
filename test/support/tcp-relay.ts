import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** How connections fare: passed on, refused (and those that stand, cut), or taken and never answered. */
export type Line = "up" | "down" | "silent";

export interface TcpRelay {
  readonly port: number;
  set(line: Line): void;
  close(): Promise<void>;
}

/** A relay in front of a server of this machine, on a free port: a network that fails on demand. */
export async function startTcpRelay(target: number): Promise<TcpRelay> {
  let line: Line = "up";
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((near) => {
    keep(near);
    if (line === "down") near.resetAndDestroy();
    if (line !== "up") return;
    const far = connect(target, "127.0.0.1");
    keep(far);
    near.pipe(far).pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    set(next) {
      line = next;
      cut();
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      cut();
      await closed;
    },
  };
}
