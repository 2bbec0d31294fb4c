/** The durable host, as far as a run needs it. Its id is the run's. Nothing here is the truth: the store is. */
export interface Runner {
  /** `running`: the id runs already. @throws RUNNER_UNAVAILABLE */
  start(run: string, handle: RunHandle): Promise<"started" | "running">;
  /** `gone`: there is no such instance, or it ended. @throws RUNNER_UNAVAILABLE */
  wake(run: string): Promise<"woken" | "gone">;
  /** Ends an instance as it stands; the engine does it some time after it said so. @throws RUNNER_UNAVAILABLE */
  terminate(run: string, reason: string): Promise<"terminated" | "gone">;
  /** The durable engine's own word for the instance's state, for operators; undefined where it has none. */
  status(run: string): Promise<string | undefined>;
}

export interface RunHandle {
  readonly member: string;
  readonly run: string;
}
