/** The way out to Service Bus: the topic `trigger-events`. */
export interface Bus {
  /**
   * Sends in batches within the size limits; answers once all were accepted. The same id again is dropped by the
   * topic's duplicate detection.
   * @throws BUS_UNAVAILABLE
   */
  publish(messages: readonly BusMessage[]): Promise<void>;
}

export interface BusMessage {
  /** The message id. A replay has a new one, with the same event inside. */
  readonly id: string;
  /** What subscriptions choose by. */
  readonly subject: "event" | "change";
  readonly body: unknown;
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  /** The trace that it belongs to, as W3C `traceparent`. */
  readonly trace?: string;
  /** Not before this time, in milliseconds. */
  readonly deliverAt?: number;
}
