import type { Message } from "./change.ts";
import type { RecordTrigger } from "./trigger.ts";

/** Whether a trigger listens to such changes of its table. */
export function listens(trigger: RecordTrigger, message: Message): boolean {
  switch (message) {
    case "create":
      return trigger.created;
    case "update":
      return trigger.updated !== undefined;
    case "delete":
      return trigger.deleted;
  }
}
