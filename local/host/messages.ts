import type { Outcome } from "../durable/worker.ts";
import type { Forgotten, WorkItem } from "./durable-work.ts";
import type { LogEntry } from "./function-app.ts";
import type { Keys } from "./keys.ts";
import type { RetryContext, RetryPolicy } from "./retry-policy.ts";
import type { TimerInfo } from "./timer-info.ts";

/** What an instance is told before it loads any user code. */
export interface Start {
  readonly kind: "start";
  readonly appDir: string;
  readonly offsetMs: number;
  readonly faults: Readonly<Record<string, unknown>>;
  readonly clientBinding: string;
  readonly keys: Keys;
}

/** From the platform to an app instance. */
export type ToInstance =
  | Start
  | { readonly kind: "clock"; readonly id: number; readonly offsetMs: number }
  | { readonly kind: "faults"; readonly id: number; readonly faults: Readonly<Record<string, unknown>> }
  | { readonly kind: "work"; readonly id: number; readonly item: WorkItem }
  | {
      readonly kind: "timer";
      readonly id: number;
      readonly name: string;
      readonly info: TimerInfo;
      readonly retry: RetryContext | undefined;
    }
  | { readonly kind: "ping"; readonly id: number }
  | { readonly kind: "stop" };

/** A timer function, as its binding declares it. */
export interface TimerFunction {
  readonly name: string;
  /** `%SETTING%` resolved. */
  readonly schedule: string;
  readonly runOnStartup: boolean;
  /** Whether its schedule's status is kept, so that a tick that fell into a stop is made up for. */
  readonly useMonitor: boolean;
  readonly retry?: RetryPolicy | undefined;
}

/** Said by an instance once it takes requests, messages and work. */
export interface Ready {
  readonly kind: "ready";
  /** Of its own HTTP server, on the loopback. */
  readonly port: number;
  readonly durable: readonly string[];
  readonly timers: readonly TimerFunction[];
  readonly routes: readonly { readonly name: string; readonly template: string; readonly methods: readonly string[] }[];
  readonly functions: readonly { readonly name: string; readonly trigger: string }[];
}

/** From an app instance to the platform. */
export type FromInstance =
  | Ready
  | { readonly kind: "failed"; readonly message: string }
  /** It is about to end and should be given nothing new. */
  | { readonly kind: "leaving" }
  | { readonly kind: "log"; readonly entry: LogEntry }
  | { readonly kind: "done"; readonly id: number; readonly outcome: Outcome | Forgotten };
