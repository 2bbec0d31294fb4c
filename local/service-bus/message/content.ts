import { randomUUID } from "node:crypto";
import { message, readValues, type Typed, types, writeValue } from "../amqp/rhea.ts";
import { binaryAt, mapEntries, mapSection, SECTION, type Section, sectionsOf } from "./sections.ts";

/** Annotations that only the broker writes; a sender's own are dropped. */
const OURS = new Set([
  "x-opt-sequence-number",
  "x-opt-enqueue-sequence-number",
  "x-opt-enqueued-time",
  "x-opt-locked-until",
  "x-opt-message-state",
  "x-opt-deadletter-source",
]);

/** The fields of the properties section, in the order of the AMQP specification. */
const PROPERTY_FIELDS = [
  "messageId",
  "userId",
  "to",
  "subject",
  "replyTo",
  "correlationId",
  "contentType",
  "contentEncoding",
  "absoluteExpiryTime",
  "creationTime",
  "groupId",
  "groupSequence",
  "replyToGroupId",
] as const;

export type PropertyField = (typeof PROPERTY_FIELDS)[number];
export type Properties = { readonly [field in PropertyField]?: unknown };

/** How an application property or annotation may be changed; undefined removes it. */
export type Changes = Readonly<Record<string, unknown>>;

const MAX_UINT32 = 0xffff_ffff;

/** What a sender sent: its bytes, and the little that the broker has to know of them. */
export class Content {
  readonly raw: Buffer;
  readonly properties: Properties;
  /** Milliseconds to live as the sender asked; undefined for the entity's default. */
  readonly ttl: number | undefined;
  /** The virtual instant before which it must not be delivered. */
  readonly scheduledFor: number | undefined;
  readonly durable: boolean | undefined;
  readonly priority: number | undefined;
  /** The sender's own annotations, encoded. */
  readonly annotations: readonly Buffer[];
  /** Properties, application properties, body and footer: delivered as they came. */
  readonly bare: Buffer;
  readonly #applicationProperties: Section | undefined;

  /** Throws a RangeError if the bytes are no AMQP message. */
  constructor(raw: Buffer) {
    this.raw = raw;
    const sections = sectionsOf(raw);
    const find = (code: number) => sections.find((section) => section.code === code);
    const header = fieldsOf(raw, find(SECTION.header));
    this.durable = asBoolean(header[0]);
    this.priority = asNumber(header[1]);

    this.properties = propertiesOf(fieldsOf(raw, find(SECTION.properties)));
    this.ttl = ttlOf(asNumber(header[2]), this.properties);

    const annotations = find(SECTION.annotations);
    const entries = annotations ? mapEntries(raw, annotations.value) : [];
    this.annotations = entries.filter(({ key }) => !OURS.has(key)).map(({ bytes }) => bytes);
    const due = entries.find(({ key }) => key === "x-opt-scheduled-enqueue-time");
    this.scheduledFor = due && asInstant(entryValue(due.bytes));

    const first = sections.find((section) => section.code >= SECTION.properties);
    this.bare = raw.subarray(first?.start ?? raw.length);
    this.#applicationProperties = find(SECTION.applicationProperties);
  }

  /** The message id as text, for duplicate detection. */
  get messageId(): string | undefined {
    const id = this.properties.messageId;
    return Buffer.isBuffer(id) ? id.toString("hex") : id === undefined ? undefined : String(id);
  }

  get sessionId(): string | undefined {
    const id = this.properties.groupId;
    return id === undefined ? undefined : String(id);
  }

  /** The sender's own properties, decoded. */
  applicationProperties(): Record<string, unknown> {
    const section = this.#applicationProperties;
    if (section === undefined) return {};
    return types.unwrap_map_simple(readValues(this.raw.subarray(section.value, section.end), 1)[0]);
  }

  /** The same message with application properties and standard properties changed, all else byte for byte. */
  changed(application: Changes, standard: Changes = {}): Content {
    const sections = sectionsOf(this.raw);
    const keep = ({ code }: Section) =>
      code !== SECTION.applicationProperties && (code !== SECTION.properties || Object.keys(standard).length === 0);
    const slice = (section: Section) => this.raw.subarray(section.start, section.end);
    const before = sections.filter((section) => section.code < SECTION.properties).map(slice);
    const properties = sections.filter((section) => section.code === SECTION.properties && keep(section)).map(slice);
    if (properties.length === 0) properties.push(encodeProperties({ ...this.properties, ...standard }));
    const after = sections.filter((section) => section.code > SECTION.applicationProperties).map(slice);
    return new Content(Buffer.concat([...before, ...properties, this.#changedApplication(application), ...after]));
  }

  #changedApplication(changes: Changes): Buffer {
    const section = this.#applicationProperties;
    const kept = section ? mapEntries(this.raw, section.value).filter(({ key }) => !Object.hasOwn(changes, key)) : [];
    const added = Object.entries(changes).filter(([, value]) => value !== undefined);
    const entries = [...kept.map(({ bytes }) => bytes), ...added.map(([key, value]) => encodeEntry(key, value))];
    return entries.length > 0 ? mapSection(SECTION.applicationProperties, entries) : Buffer.alloc(0);
  }
}

/** A message as a client sent it; gets a message id if it has none, for lock renewal in the SDK needs one. */
export function receivedContent(raw: Buffer): Content {
  const sections = sectionsOf(raw);
  const next = sections.find(({ code }) => code >= SECTION.properties);
  // The SDK's plain message has no properties: then their section is put in as bytes, and nothing is read twice.
  if (next !== undefined && (next.code !== SECTION.properties || raw[next.value] === EMPTY_LIST)) {
    const rest = next.code === SECTION.properties ? next.end : next.start;
    return new Content(Buffer.concat([raw.subarray(0, next.start), newMessageId(), raw.subarray(rest)]));
  }
  const content = new Content(raw);
  return content.properties.messageId === undefined ? content.changed({}, { messageId: randomUUID() }) : content;
}

/** The constructor of a list without members. */
const EMPTY_LIST = 0x45;
const ANY_ID = randomUUID();
/** A section of properties with nothing but an id. Ids are of one length, so only their bytes differ. */
const ONLY_ID = encodeProperties({ messageId: ANY_ID });
const ID_AT = ONLY_ID.indexOf(ANY_ID);

function newMessageId(): Buffer {
  const section = Buffer.from(ONLY_ID);
  section.write(randomUUID(), ID_AT, "latin1");
  return section;
}

/** The messages inside a batch: each data section is one of them, encoded. */
export function batchContents(raw: Buffer): Content[] {
  return sectionsOf(raw)
    .filter(({ code }) => code === SECTION.data)
    .map(({ value }) => receivedContent(Buffer.from(binaryAt(raw, value))));
}

/** What may be said of a message that comes from inside the process. */
export interface PlainMessage {
  readonly body: unknown;
  readonly messageId?: string;
  readonly contentType?: string;
  readonly sessionId?: string;
  readonly subject?: string;
  readonly correlationId?: string;
  readonly timeToLiveMs?: number;
  readonly scheduledFor?: number;
  readonly applicationProperties?: Record<string, unknown>;
}

/** Encodes a message with a JSON body just as the SDK does. */
export function plainContent(plain: PlainMessage): Content {
  const encoded = message.encode({
    ttl: plain.timeToLiveMs,
    message_id: plain.messageId ?? randomUUID(),
    content_type: plain.contentType,
    group_id: plain.sessionId,
    subject: plain.subject,
    correlation_id: plain.correlationId,
    application_properties: plain.applicationProperties,
    message_annotations:
      plain.scheduledFor === undefined
        ? undefined
        : { "x-opt-scheduled-enqueue-time": types.wrap_timestamp(plain.scheduledFor) },
    body: message.data_section(Buffer.from(JSON.stringify(plain.body) ?? "null")),
  });
  return new Content(encoded);
}

function propertiesOf(fields: readonly unknown[]): Properties {
  const properties: { [field in PropertyField]?: unknown } = {};
  for (const [at, value] of fields.entries()) {
    const name = PROPERTY_FIELDS[at];
    if (name !== undefined && value != null) properties[name] = value;
  }
  return properties;
}

function encodeProperties(properties: Properties): Buffer {
  const wrap: Partial<Record<PropertyField, (value: never) => Typed>> = {
    contentType: types.wrap_symbol,
    contentEncoding: types.wrap_symbol,
    messageId: types.wrap_message_id,
    correlationId: types.wrap_message_id,
  };
  const fields = PROPERTY_FIELDS.map((name) => {
    const value = properties[name];
    return value == null ? types.wrap(null) : (wrap[name] ?? types.wrap)(value as never);
  });
  return writeValue(types.described(types.wrap_ulong(SECTION.properties), types.wrap_list(fields)));
}

function encodeEntry(key: string, value: unknown): Buffer {
  return Buffer.concat([writeValue(types.wrap_string(key)), writeValue(types.wrap(value))]);
}

function entryValue(entry: Buffer): unknown {
  return types.unwrap(readValues(entry, 2)[1]);
}

function fieldsOf(raw: Buffer, section: Section | undefined): readonly unknown[] {
  if (section === undefined) return [];
  const [list] = readValues(raw.subarray(section.value, section.end), 1);
  return ((list?.value ?? []) as { value: unknown }[]).map(({ value }) => value);
}

function ttlOf(header: number | undefined, { absoluteExpiryTime, creationTime }: Properties): number | undefined {
  // The header's 32 bits end at 49 days; longer lives come as two instants.
  const [expiry, created] = [asInstant(absoluteExpiryTime), asInstant(creationTime)];
  const long = expiry !== undefined && created !== undefined ? expiry - created : undefined;
  return header === undefined || (header === MAX_UINT32 && long !== undefined) ? long : header;
}

const asNumber = (value: unknown) => (typeof value === "number" ? value : undefined);
const asBoolean = (value: unknown) => (typeof value === "boolean" ? value : undefined);
function asInstant(value: unknown): number | undefined {
  const ms = value instanceof Date ? value.getTime() : value;
  return typeof ms === "number" && Number.isFinite(ms) ? ms : undefined;
}
