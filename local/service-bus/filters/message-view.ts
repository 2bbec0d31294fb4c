import type { Content, PropertyField } from "../message/content.ts";

/** A message as a filter sees it: system properties by Azure's names, and the sender's own. */
export interface MessageView {
  system(name: string): unknown;
  user(name: string): unknown;
  hasUser(name: string): boolean;
}

/** System properties that filters and actions may name, without regard to case. */
const SYSTEM: Readonly<Record<string, PropertyField>> = {
  messageid: "messageId",
  correlationid: "correlationId",
  to: "to",
  replyto: "replyTo",
  label: "subject",
  subject: "subject",
  sessionid: "groupId",
  replytosessionid: "replyToGroupId",
  contenttype: "contentType",
};

/** The message's field behind a system property; undefined if there is no such property. */
export function systemField(name: string): PropertyField | undefined {
  return SYSTEM[name.toLowerCase()];
}

/** Reads the application properties once, and only if a filter asks for one. */
export function viewOf(content: Content): MessageView {
  let properties: Record<string, unknown> | undefined;
  const user = () => {
    properties ??= content.applicationProperties();
    return properties;
  };
  return {
    system(name) {
      const field = systemField(name);
      return field === undefined ? undefined : content.properties[field];
    },
    user: (name) => comparable(user()[name]),
    hasUser: (name) => Object.hasOwn(user(), name),
  };
}

/** rhea leaves whole numbers beyond 2^53 as bytes, and instants as dates. */
function comparable(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (Buffer.isBuffer(value) && value.length === 8) return Number(value.readBigInt64BE());
  return value ?? undefined;
}
