export interface QueueSettings {
  /** The address as the client writes it, for instance `topic/Subscriptions/name`. */
  readonly name: string;
  /** Real milliseconds. */
  readonly lockMs: number;
  readonly maxDeliveries: number;
  /** Virtual milliseconds; undefined for no end. */
  readonly ttlMs: number | undefined;
  /** Dead letters stay until somebody takes them, whatever their time to live was. */
  readonly keepsForever: boolean;
  readonly requiresSession: boolean;
  readonly deadLetterExpired: boolean;
}

/** Why a message became a dead letter; receivers read both as application properties. */
export interface DeadLetterReason {
  readonly reason?: string | undefined;
  readonly description?: string | undefined;
}

/** What a message brings along from where it was before. */
export interface Origin {
  readonly enqueuedSeq?: number;
  readonly enqueuedAt?: number;
  readonly deliveryCount?: number;
  readonly source?: string;
  /** The longest that the entity before lets it live, in virtual milliseconds. */
  readonly ttlMs?: number | undefined;
}
