import type { Source } from "../model/broker.ts";
import type { SessionHold } from "../model/sessions.ts";
import { AmqpFault, PROBLEM } from "./conditions.ts";
import { OutgoingLink } from "./outgoing-link.ts";
import { holdLink, remoteAttach, type Sender, setAttach, types } from "./rhea.ts";
import type { Settlements } from "./settlements.ts";

const SESSION_FILTER = "com.microsoft:session-filter";
const DEFAULT_TIMEOUT_MS = 60_000;
/** .NET counts 100 ns ticks from the year 1. */
const TICKS_PER_MS = 10_000n;
const EPOCH_MS = 62_135_596_800_000n;

/** A link that came to be, or still waits for its session. */
export interface AttachedLink {
  /** The client closed it. */
  detached(): void;
  /** Its connection is gone. */
  cut(): void;
}

/** Opens a link over which a client wants to receive; throws an AmqpFault if it must be refused. */
export function attachReceiver(link: Sender, source: Source, settlements: Settlements): AttachedLink {
  const { source: asked } = remoteAttach(link) as { source: { filter?: Record<string, unknown> | null } };
  const filter = asked.filter ?? {};
  const { requiresSession, name } = source.queue.settings;
  if (source.forwardTo !== undefined)
    throw new AmqpFault(
      PROBLEM.notAllowed("Cannot create a message receiver on an entity with auto-forwarding enabled."),
    );
  if (SESSION_FILTER in filter !== requiresSession)
    throw new AmqpFault(
      PROBLEM.notAllowed(
        requiresSession
          ? "It is not possible for an entity that requires sessions to create a non-sessionful message receiver."
          : "A sessionful message receiver cannot be created on an entity that does not require sessions.",
      ),
    );
  if (!requiresSession) return new OutgoingLink(link, source, settlements);

  const wanted = textOf(filter[SESSION_FILTER]);
  if (wanted === undefined) return awaitNextSession(link, source, settlements);
  const { sessions } = source.queue;
  const hold = sessions?.accept(sessions.of(wanted), () => sessionLost(link));
  // The attach is answered before it is refused: without the filter in it, which is how the SDK sees the refusal too.
  if (hold === undefined) {
    link.set_source({ address: name });
    throw new AmqpFault(PROBLEM.sessionCannotBeLocked(wanted));
  }
  return openSession(link, source, settlements, hold);
}

/** Holds the attach until some session is free and has messages, or the client's patience nears its end. */
function awaitNextSession(link: Sender, source: Source, settlements: Settlements): AttachedLink {
  holdLink(link);
  let attached: OutgoingLink | undefined;
  const asked = Number(link.properties?.["com.microsoft:timeout"]);
  const patience = asked > 0 ? asked : DEFAULT_TIMEOUT_MS;
  const timer = setTimeout(
    () => {
      stop();
      link.set_source({ address: source.queue.name });
      link.open();
      const { condition, description } = PROBLEM.timeout;
      link.close({ condition, description });
    },
    Math.max(patience * 0.8, patience - 1000),
  );
  // May be granted before this returns.
  const stop = source.dispatcher.awaitSession({
    lost: () => sessionLost(link),
    granted(hold) {
      clearTimeout(timer);
      link.open();
      attached = openSession(link, source, settlements, hold);
    },
  });
  const giveUp = () => {
    clearTimeout(timer);
    stop();
  };
  return {
    detached: () => (attached === undefined ? giveUp() : attached.detached()),
    cut: () => (attached === undefined ? giveUp() : attached.cut()),
  };
}

function openSession(link: Sender, source: Source, settlements: Settlements, hold: SessionHold): OutgoingLink {
  const filter = { [SESSION_FILTER]: hold.session.id };
  link.set_source({ address: source.queue.name, filter });
  const ticks = Buffer.alloc(8);
  ticks.writeBigInt64BE((BigInt(Math.floor(hold.until)) + EPOCH_MS) * TICKS_PER_MS);
  setAttach(link, { properties: { "com.microsoft:locked-until-utc": types.wrap_long(ticks) } });
  return new OutgoingLink(link, source, settlements, hold);
}

function sessionLost(link: Sender): void {
  const { condition, description } = PROBLEM.sessionLockLost;
  if (link.is_open()) link.close({ condition, description });
}

/** .NET describes the filter's value; others send it plain. Null asks for any session. */
function textOf(value: unknown): string | undefined {
  const plain = typeof value === "object" && value !== null && "value" in value ? value.value : value;
  return plain === null || plain === undefined ? undefined : String(plain);
}
