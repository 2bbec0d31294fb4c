import type { Socket } from "node:net";
import type { Broker } from "../model/broker.ts";
import type { Journal } from "../model/journal.ts";
import { AmqpFault, type AmqpProblem, PROBLEM } from "./conditions.ts";
import { serveIncoming } from "./incoming-link.ts";
import { manage } from "./management.ts";
import { type AttachedLink, attachReceiver } from "./receiver-attach.ts";
import { type Reply, serveRequests } from "./requests.ts";
import {
  acceptRaw,
  type Connection,
  type Container,
  deafen,
  holdLink,
  type Link,
  type Receiver,
  remoteAttach,
  type Sender,
  type Session,
  setAttach,
} from "./rhea.ts";
import { Settlements } from "./settlements.ts";

const CBS = "$cbs";
const MANAGEMENT = /\/\$management$/i;
/** Azure's answer to a put-token. */
const TOKEN_ACCEPTED = 202;
/** For how long a client that is being cut off may not have asked for anything: it may just be asking for a token. */
const SILENCE_MS = 100;
/** For how long at most it is listened to. */
const PATIENCE_MS = 1000;

export interface ConnectionContext {
  readonly container: Container;
  readonly broker: Broker;
  readonly journal: Journal;
  readonly maxMessageBytes: number;
  log(what: string): void;
  /** Told of each link over which a client receives. */
  attached(): void;
}

/** Serves one client: which links it opens, and what is behind them. */
export class ClientConnection {
  readonly #context: ConnectionContext;
  readonly #links = new Map<Link, AttachedLink>();
  readonly #settlements = new WeakMap<Session, Settlements>();
  readonly #socket: Socket;
  readonly #connection: Connection;
  #askedAt = performance.now();
  #leaving = false;

  constructor(socket: Socket, context: ConnectionContext) {
    this.#context = context;
    this.#socket = socket;
    socket.setNoDelay(true);
    const connection = acceptRaw(context.container, socket);
    this.#connection = connection;
    connection.on("sender_open", ({ sender }: { sender: Sender }) =>
      this.#open(sender, () => this.#openSender(sender)),
    );
    connection.on("receiver_open", ({ receiver }: { receiver: Receiver }) =>
      this.#open(receiver, () => this.#openReceiver(receiver)),
    );
    connection.on("sender_close", ({ sender }: { sender: Sender }) => this.#detached(sender));
    connection.on("session_close", ({ session }: { session: Session }) => {
      for (const link of this.#links.keys()) if (link.session === session) this.#detached(link);
    });
    const note = (event: string) =>
      connection.on(event, (problem: unknown) => context.log(`${event}: ${describe(problem)}`));
    for (const event of ["protocol_error", "connection_error", "session_error", "sender_error", "receiver_error"])
      note(event);
    connection.on("error", (error: unknown) => context.log(`error: ${describe(error)}`));
    connection.on("disconnected", () => undefined);
    socket.on("close", () => this.#cut());
  }

  /** Over how many links the client receives. */
  get receivers(): number {
    return this.#links.size;
  }

  /**
   * Ends the connection: at once nothing more is handed out over it and nothing more taken. But a token that is asked
   * for is still given before the socket ends: the SDK whose request for one was cut off waits for a whole minute.
   */
  cutOff(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#cut();
    deafen(this.#connection, CBS);
    const latest = performance.now() + PATIENCE_MS;
    const end = () => {
      const left = Math.min(this.#askedAt + SILENCE_MS, latest) - performance.now();
      if (left > 0) setTimeout(end, left);
      else this.#socket.destroySoon();
    };
    // What the client wrote already is read first.
    setImmediate(() => setImmediate(end));
  }

  #open(link: Link, serve: () => void): void {
    this.#askedAt = performance.now();
    const { source, target, snd_settle_mode, rcv_settle_mode } = remoteAttach(link) as {
      source?: { address?: string; filter?: object };
      target?: { address?: string };
      snd_settle_mode?: number;
      rcv_settle_mode?: number;
    };
    // .NET attaches without a target: rhea wants one all the same.
    link.set_source({ address: source?.address ?? "" });
    link.set_target({ address: target?.address ?? "" });
    setAttach(link, { snd_settle_mode, rcv_settle_mode, max_message_size: this.#context.maxMessageBytes });
    const toTokens = source?.address === CBS || target?.address === CBS;
    if (this.#leaving && !toTokens) {
      holdLink(link);
      return;
    }
    try {
      serve();
    } catch (error) {
      refuse(link, error instanceof AmqpFault ? error.problem : PROBLEM.malformed(describe(error)));
    }
  }

  /** The client wants to receive. */
  #openSender(link: Sender): void {
    const address = link.source?.address ?? "";
    if (address === CBS || MANAGEMENT.test(address)) return;
    const entity = this.#context.broker.find(address);
    if (entity === undefined || entity.kind === "topic") throw new AmqpFault(PROBLEM.notFound(address));
    const settlements = this.#settlements.get(link.session) ?? new Settlements(link.session, this.#context.journal);
    this.#settlements.set(link.session, settlements);
    this.#links.set(link, attachReceiver(link, entity, settlements));
    this.#context.attached();
  }

  /** The client wants to send. */
  #openReceiver(link: Receiver): void {
    const { broker, journal, maxMessageBytes } = this.#context;
    const address = link.target?.address ?? "";
    const whenDurable = (run: () => void) => journal.whenDurable(run);
    if (address === CBS) {
      serveRequests(link, () => this.#giveToken(), whenDurable);
      return;
    }
    const managed = broker.find(address.replace(MANAGEMENT, ""));
    if (managed === undefined) throw new AmqpFault(PROBLEM.notFound(address));
    if (MANAGEMENT.test(address)) {
      serveRequests(link, (request) => manage(managed, request, this.#context), whenDurable);
      return;
    }
    if (managed.intake === undefined) throw new AmqpFault(PROBLEM.notAllowed(`Nothing can be sent to ${address}.`));
    serveIncoming(link, managed, managed.intake, journal, maxMessageBytes);
  }

  #giveToken(): Reply {
    this.#askedAt = performance.now();
    return { status: TOKEN_ACCEPTED };
  }

  #detached(link: Link): void {
    this.#links.get(link)?.detached();
    this.#links.delete(link);
  }

  #cut(): void {
    for (const attached of this.#links.values()) attached.cut();
    this.#links.clear();
  }
}

function refuse(link: Link, { condition, description }: AmqpProblem): void {
  link.close({ condition, description });
}

function describe(problem: unknown): string {
  if (problem instanceof Error) return problem.message;
  const { error } = (problem ?? {}) as { error?: { condition?: string; description?: string } };
  return error?.description ?? error?.condition ?? "unknown";
}
