import { createServer, type Server, type Socket } from "node:net";
import type { Busy } from "../../clock/virtual-clock.ts";
import { ClientConnection, type ConnectionContext } from "./connection.ts";
import { rhea } from "./rhea.ts";

/** How long those that were cut off are waited for: a client that comes back at all has tried by then. */
const RETURN_MS = 5000;

/** Listens for AMQP clients. */
export class AmqpServer {
  readonly #context: ConnectionContext;
  readonly #busy: Busy;
  readonly #server: Server;
  readonly #connections = new Map<Socket, ClientConnection>();
  #down = false;
  /** How many links to receive over there were when the server went down. */
  #cutOff = 0;
  #returning = false;
  #returned: () => void = () => undefined;

  constructor({ busy, ...context }: Omit<ConnectionContext, "container" | "attached"> & { readonly busy: Busy }) {
    const container = rhea.create_container({ id: "service-bus" });
    this.#busy = busy;
    this.#context = { ...context, container, attached: () => this.#receivers >= this.#cutOff && this.#returned() };
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

  /** While down, connections are refused; those there are are cut off. */
  setDown(down: boolean): void {
    // Who was on the way back when it went down again still is.
    if (down && !this.#down) this.#cutOff = Math.max(this.#receivers, this.#returning ? this.#cutOff : 0);
    this.#returned();
    if (!down && this.#down && this.#cutOff > 0) this.#awaitReturn();
    this.#down = down;
    if (down) for (const client of this.#connections.values()) client.cutOff();
  }

  async close(): Promise<void> {
    this.#down = true;
    this.#returned();
    for (const socket of this.#connections.keys()) socket.destroy();
    await new Promise<void>((closed) => this.#server.close(() => closed()));
  }

  get #receivers(): number {
    return [...this.#connections.values()].reduce((sum, { receivers }) => sum + receivers, 0);
  }

  /** Messages that wait for receivers on their way back count as under way: else an advance would pass them over. */
  #awaitReturn(): void {
    const close = this.#busy.open("service-bus: receivers are on their way back");
    const timer = setTimeout(() => this.#returned(), RETURN_MS);
    this.#returning = true;
    this.#returned = () => {
      clearTimeout(timer);
      this.#returning = false;
      // Handed out in the next turn at the latest, and then under way by themselves.
      setImmediate(close);
      this.#returned = () => undefined;
    };
  }

  #connect(socket: Socket): void {
    if (this.#down) {
      socket.resetAndDestroy();
      return;
    }
    this.#connections.set(socket, new ClientConnection(socket, this.#context));
    socket.on("close", () => this.#connections.delete(socket));
  }
}
