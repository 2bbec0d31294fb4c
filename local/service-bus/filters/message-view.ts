import type { Content, PropertyField } from "../message/content.ts";

/** A message as a filter sees it: system properties by Azure's names, and the sender's own. */
export interface MessageView {
  system(name: string): unknown;
  /** The sender's property of this name in whatever case: names in SQL have none. */
  user(name: string): unknown;
  /** How the sender wrote a name; undefined if there is no such property. */
  userName(name: string): string | undefined;
  /** The sender's property of exactly this name. */
  exactly(name: string): unknown;
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
    user(name) {
      const written = this.userName(name);
      return written === undefined ? undefined : comparable(user()[written]);
    },
    userName(name) {
      if (Object.hasOwn(user(), name)) return name;
      const wanted = name.toLowerCase();
      return Object.keys(user()).find((written) => written.toLowerCase() === wanted);
    },
    exactly: (name) => comparable(user()[name]),
  };
}

/**
 * A property's value as filters compare it. Whole numbers are bigint, so that they divide as C#'s do; rhea leaves those
 * beyond 2^53 as bytes, and instants as dates.
 */
export function comparable(value: unknown): unknown {
  if (value instanceof Date) return BigInt(value.getTime());
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  if (Buffer.isBuffer(value) && value.length === 8) return value.readBigInt64BE();
  return value ?? undefined;
}
