import type { Change } from "./change.ts";
import type { Condition } from "./condition.ts";
import type { NotFired } from "./judge.ts";
import { judgeReadBack } from "./judge-read-back.ts";
import type { RecordTrigger } from "./trigger.ts";

/** What is told of a table's triggers at a change that was read back. */
export interface MatchedReadBack {
  readonly fired: readonly { readonly trigger: RecordTrigger; readonly rest?: Condition }[];
  /** At most 50. */
  readonly considered: readonly { readonly trigger: string; readonly failed: NotFired }[];
  /** Of which nobody can tell: an operator decides. */
  readonly unknown: readonly { readonly trigger: RecordTrigger; readonly asks: readonly string[] }[];
}

const MOST_CONSIDERED = 50;

/** Judges all triggers of the change's table: such changes are few, and what an index would look up may be unknown. */
export function matchReadBack(triggers: readonly RecordTrigger[], change: Change, now: number): MatchedReadBack {
  const fired: MatchedReadBack["fired"][number][] = [];
  const considered: MatchedReadBack["considered"][number][] = [];
  const unknown: MatchedReadBack["unknown"][number][] = [];
  for (const trigger of triggers) {
    const told = judgeReadBack(trigger, change, now);
    switch (told.kind) {
      case "fired":
        fired.push({ trigger, ...(told.rest === undefined ? {} : { rest: told.rest }) });
        break;
      case "unknown":
        unknown.push({ trigger, asks: told.asks });
        break;
      case "not-fired":
        if (considered.length < MOST_CONSIDERED) considered.push({ trigger: trigger.slug, failed: told.failed });
        break;
      case "not-meant":
        break;
    }
  }
  return { fired, considered, unknown };
}
