import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";

/** Says which address is taken and what to do about it. */
export class PortTaken extends Error {
  readonly port: number;

  constructor(what: string, port: number) {
    super(
      `Port ${port}, where ${what} should listen, is taken by another program. ` +
        "Stop that one, or move all ports by starting with --port-base N.",
    );
    this.name = "PortTaken";
    this.port = port;
  }
}

/** Listens on the loopback and answers the port, a free one for 0. Throws PortTaken. */
export async function listen(server: Server, port: number, what: string): Promise<number> {
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch (error) {
    throw portError(error, what, port);
  }
  return (server.address() as AddressInfo).port;
}

/** Turns the system's own error into one that helps; any other stays as it is. */
export function portError(error: unknown, what: string, port: number): unknown {
  const taken = error instanceof Error && "code" in error && (error.code === "EADDRINUSE" || error.code === "EACCES");
  return taken ? new PortTaken(what, port) : error;
}
