import type { Change, Message } from "../change.ts";
import type { NotFired } from "../judge.ts";
import type { RecordTrigger } from "../trigger.ts";
import type { SeenChange } from "./evidence.ts";
import { type FieldsOf, labelsOf, type SeenValue, tellFailed } from "./failed-words.ts";
import type { Speaker } from "./speaker.ts";
import type { TriggerVerdict } from "./stories.ts";

/** What a trigger made of a change, in words; `mend` says what would change it. */
export interface ToldVerdict {
  readonly fired: boolean;
  /** After "did not fire:". */
  readonly why: string;
  readonly values: readonly SeenValue[];
  readonly mend: string;
}

export function tellVerdict(verdict: TriggerVerdict, slug: string, change: SeenChange, speaker: Speaker): ToldVerdict {
  const { say } = speaker;
  const { body } = change;
  const trigger = change.triggers.find((one) => one.slug === slug);
  const plain = (why: string, mend: string): ToldVerdict => ({ fired: false, why, values: [], mend });
  switch (verdict.kind) {
    case "fired":
      return { fired: true, why: "", values: [], mend: "" };
    case "not-fired":
      return notFired(verdict.failed, verdict.readAt ?? null, trigger, body, speaker);
    case "unknown": {
      const of = { table: trigger?.table ?? body?.table ?? null, member: null, readAt: null };
      return plain(say.trigger.unknown(labelsOf(verdict.asks, of, speaker)), say.mend.unknown);
    }
    case "not-meant": {
      const messages = listensTo(trigger).map((message) => say.messages[message]);
      if (messages.length === 0) return plain(say.trigger.listensToNothing, say.mend.newChange);
      if (body === undefined) return plain(say.trigger.unkept, say.mend.newChange);
      const { message } = body;
      return plain(say.trigger.listensTo(messages, say.oneMessage[message]), say.mend.message([say.messages[message]]));
    }
    case "not-known":
      return plain(say.trigger.justPublished, say.mend.newChange);
    case "unkept":
      return plain(say.trigger.unkept, say.mend.newChange);
  }
}

function notFired(
  failed: NotFired,
  readAt: number | null,
  trigger: RecordTrigger | undefined,
  body: Change | undefined,
  speaker: Speaker,
): ToldVerdict {
  const { say } = speaker;
  const columns = trigger?.updated?.columns;
  const listened =
    columns === undefined || columns === "any" || trigger === undefined
      ? null
      : speaker.columns(trigger.table, columns);
  const plain = (why: string, mend: string): ToldVerdict => ({ fired: false, why, values: [], mend });
  switch (failed) {
    case "not-included":
      return listened === null
        ? plain(say.trigger.notIncludedAny, say.mend.newChange)
        : plain(say.trigger.notIncluded(listened), say.mend.notIncluded(listened));
    case "not-changed":
      return listened === null
        ? plain(say.trigger.notChangedAny, say.mend.newChange)
        : plain(say.trigger.notChanged(listened), say.mend.notChanged(listened));
    case "oversize":
      return plain(say.trigger.oversize, say.mend.oversize);
    case "other-user":
    case "ignored-user":
    case "import":
      return plain(say.trigger.aside[failed], say.mend.newChange);
    default: {
      const of: FieldsOf = { table: trigger?.table ?? body?.table ?? null, member: null, readAt };
      const { text, values, mend } = tellFailed(failed, of, speaker);
      return { fired: false, why: text, values: values === null ? [] : [values], mend };
    }
  }
}

function listensTo(trigger: RecordTrigger | undefined): Message[] {
  if (trigger === undefined) return [];
  const { created, updated, deleted } = trigger;
  return [
    ...(created ? ["create" as const] : []),
    ...(updated === undefined ? [] : ["update" as const]),
    ...(deleted ? ["delete" as const] : []),
  ];
}
