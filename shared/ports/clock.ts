/** The one source of time and chance; nothing else in functions/ and shared/ asks the system for either. */
export interface Clock {
  /** Now, in milliseconds since 1970. */
  now(): number;
  /** Waits in real time: for consumers that back off before they throw. */
  sleep(ms: number): Promise<void>;
  /** A number from 0 up to 1. */
  random(): number;
}
