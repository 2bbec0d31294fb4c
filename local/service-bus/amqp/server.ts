import { createServer, type Server, type Socket } from "node:net";
import { ClientConnection, type ConnectionContext } from "./connection.ts";
import { rhea } from "./rhea.ts";

/** Listens for AMQP clients. */
export class AmqpServer {
  readonly #context: ConnectionContext;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #down = false;

  constructor(context: Omit<ConnectionContext, "container">) {
    this.#context = { ...context, container: rhea.create_container({ id: "service-bus" }) };
    this.#server = createServer((socket) => this.#connect(socket));
  }

  /** Answers the port; throws if it is taken. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((listening, failed) => {
      this.#server.once("error", failed);
      this.#server.listen(port, "127.0.0.1", listening);
    });
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : port;
  }

  /** While down, connections are cut as soon as they are made. */
  setDown(down: boolean): void {
    this.#down = down;
    if (down) for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.setDown(true);
    await new Promise<void>((closed) => this.#server.close(() => closed()));
  }

  #connect(socket: Socket): void {
    if (this.#down) {
      socket.resetAndDestroy();
      return;
    }
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    new ClientConnection(socket, this.#context);
  }
}
