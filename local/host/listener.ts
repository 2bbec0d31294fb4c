/** A trigger's listener: how to stop it, waiting for what is under way. */
export interface Listener {
  close(): Promise<void>;
}

/** A queue, or a topic and a subscription. */
export type EntityName = readonly [queue: string] | readonly [topic: string, subscription: string];
