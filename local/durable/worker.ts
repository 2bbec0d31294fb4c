/**
 * What the durable scheduler hands out, and to whom: the seam between the platform, which owns the histories, and
 * the app instances, which run the code. An instance that dies rejects what it had with `InstanceGone`; the scheduler
 * then hands the same item to another, for the truth of an item is its history and not the instance.
 */
export interface Worker {
  readonly id: string;
  /** Names of the orchestrators, activities and entities that this instance's build knows. */
  readonly functions: ReadonlySet<string>;
  /** Which of them is what, where the loader knows: an activity cannot then be called as an orchestrator. */
  readonly kinds?: ReadonlyMap<string, "orchestrator" | "activity" | "entity">;
  /**
   * One episode. `input` is the trigger's JSON text; the answer is the function's return value or what it threw.
   * `parts` is the same in parts, for a worker that keeps what it was told of a history before.
   */
  runOrchestrator(name: string, instanceId: string, input: string, parts: TriggerParts): Promise<Outcome>;
  /** One activity. `input` is JSON text, or undefined where none was given. */
  runActivity(name: string, instanceId: string, input: string | undefined): Promise<Outcome>;
  runEntity(name: string, instanceId: string, input: string): Promise<Outcome>;
}

/** An orchestration trigger in parts: joined, they are its JSON. */
export interface TriggerParts {
  /** Numbers a history within this process: under one number its text only ever grows at its end. */
  readonly history: number;
  /** The events up to the last episode, as the members of a JSON array. */
  readonly past: string;
  /** The same in the pieces in which it came; between each two there is a comma. */
  readonly pieces: readonly string[];
  /** The new ones. */
  readonly fresh: string;
  /** The trigger's other members, as a JSON object. */
  readonly rest: string;
}

/** What the function answered: its return value as JSON text, or its exception. */
export type Outcome =
  | { readonly kind: "returned"; readonly value: string | undefined }
  | { readonly kind: "threw"; readonly message: string; readonly stack?: string; readonly type?: string };

export class InstanceGone extends Error {
  constructor(id: string) {
    super(`app instance ${id} is gone`);
    this.name = "InstanceGone";
  }
}
