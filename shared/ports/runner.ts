/** The durable host, as far as a run needs it. Its id is the run's. Nothing here is the truth: the store is. */
export interface Runner {
  /** `running`: the id runs already. @throws RUNNER_UNAVAILABLE */
  start(run: string, handle: RunHandle): Promise<"started" | "running">;
  /** `gone`: there is no such instance, or it ended. @throws RUNNER_UNAVAILABLE */
  wake(run: string): Promise<"woken" | "gone">;
  /** Ends an instance as it stands; the engine does it some time after it said so. @throws RUNNER_UNAVAILABLE */
  terminate(run: string, reason: string): Promise<"terminated" | "gone">;
  /** Removes what the engine keeps of an instance that ended; one that runs stays. @throws RUNNER_UNAVAILABLE */
  forget(run: string): Promise<void>;
  /** What the durable engine says of the instance; undefined where it has none. @throws RUNNER_UNAVAILABLE */
  status(run: string): Promise<InstanceStatus | undefined>;
}

export interface InstanceStatus {
  /** The engine's own word, for operators. */
  readonly state: string;
  /** Which orchestrator it runs. */
  readonly orchestrator: string;
}

export interface RunHandle {
  readonly member: string;
  readonly run: string;
}
