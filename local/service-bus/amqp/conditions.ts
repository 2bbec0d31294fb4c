/** Errors as Azure words them; the SDK tells its own error codes from these conditions. */
export interface AmqpProblem {
  readonly condition: string;
  readonly description: string;
  /** The status of an answer on `$management`. */
  readonly status: number;
}

export const PROBLEM = {
  /** The SDK recognises a missing entity by this sentence. */
  notFound: (address: string): AmqpProblem => ({
    condition: "amqp:not-found",
    description: `The messaging entity '${address}' could not be found.`,
    status: 404,
  }),
  notAllowed: (description: string): AmqpProblem => ({ condition: "amqp:not-allowed", description, status: 400 }),
  notImplemented: (what: string): AmqpProblem => ({
    condition: "amqp:not-implemented",
    description: `${what} is not supported.`,
    status: 501,
  }),
  malformed: (why: string): AmqpProblem => ({ condition: "amqp:decode-error", description: why, status: 400 }),
  argument: (why: string): AmqpProblem => ({
    condition: "com.microsoft:argument-error",
    description: why,
    status: 400,
  }),
  tooLarge: (size: number, limit: number): AmqpProblem => ({
    condition: "amqp:link:message-size-exceeded",
    description: `The received message (size:${size} bytes) exceeds the limit (${limit} bytes) currently allowed on the link.`,
    status: 403,
  }),
  messageLockLost: {
    condition: "com.microsoft:message-lock-lost",
    description:
      "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.",
    status: 410,
  },
  sessionLockLost: {
    condition: "com.microsoft:session-lock-lost",
    description: "The session lock has expired. Accept the session again.",
    status: 410,
  },
  sessionCannotBeLocked: (session: string): AmqpProblem => ({
    condition: "com.microsoft:session-cannot-be-locked",
    description: `The requested session '${session}' cannot be accepted. It may be locked by another receiver.`,
    status: 410,
  }),
  timeout: {
    condition: "com.microsoft:timeout",
    description: "The operation did not complete within the allotted time: no session has messages.",
    status: 408,
  },
  messageNotFound: {
    condition: "com.microsoft:message-not-found",
    description: "Failed to find a message with the requested sequence number.",
    status: 404,
  },
  cannotLock: {
    condition: "com.microsoft:message-not-found",
    description:
      "Failed to lock one or more specified messages. Either the message is already locked or does not exist.",
    status: 404,
  },
  exists: (what: string): AmqpProblem => ({
    condition: "com.microsoft:entity-already-exists",
    description: `${what} exists already.`,
    status: 409,
  }),
} as const;

/** A request that cannot be fulfilled. */
export class AmqpFault extends Error {
  override readonly name = "AmqpFault";
  readonly problem: AmqpProblem;

  constructor(problem: AmqpProblem) {
    super(problem.description);
    this.problem = problem;
  }
}
