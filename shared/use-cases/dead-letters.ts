import type { DeadLetter } from "../ports/dead-letters.ts";
import type { Queue } from "../wire/parked.ts";
import type { Deps } from "./deps.ts";
import { type ReplayDeps, replayBody } from "./replay-parked.ts";

/** As many are looked at for one of them: these queues hold crash loops only. */
const MOST_LOOKED = 2_000;

/** A page of what a queue put aside, oldest first. */
export async function listDeadLetters(
  queue: Queue,
  after: number,
  most: number,
  { deadLetters }: Pick<Deps, "deadLetters">,
): Promise<{ readonly deadLetters: readonly DeadLetter[]; readonly next: number | null }> {
  const found = await deadLetters.peek(queue, after, most);
  return { deadLetters: found, next: found.length < most ? null : after + most };
}

/** Replays one, or gives it up; either way it leaves the queue. @throws BUS_UNAVAILABLE */
export async function workOnDeadLetter(
  does: "replay" | "discard",
  queue: Queue,
  sequence: string,
  deps: ReplayDeps & Pick<Deps, "deadLetters">,
): Promise<"replayed" | "discarded" | "missing"> {
  let outcome: "replayed" | "discarded" | "missing" = "missing";
  let fault: unknown;
  await deps.deadLetters.take(
    queue,
    (letter) => letter.sequence === sequence,
    MOST_LOOKED,
    async ({ body }) => {
      try {
        if (does === "replay") await replayBody(queue, `${queue}:${sequence}`, body, deps);
        outcome = does === "replay" ? "replayed" : "discarded";
      } catch (problem) {
        fault = problem;
        throw problem;
      }
    },
  );
  if (fault !== undefined) throw fault;
  return outcome;
}
