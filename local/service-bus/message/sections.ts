/**
 * Finds the sections of an encoded AMQP message without decoding them. Decoding and encoding again would lose types
 * (a long becomes an int, a symbol a string), so what the sender wrote is kept byte for byte.
 */

/** Section codes: the low byte of each section's descriptor. */
export const SECTION = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  annotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  sequence: 0x76,
  value: 0x77,
  footer: 0x78,
} as const;

/** A section: `start` is at its descriptor, `value` at the constructor of its content. */
export interface Section {
  readonly code: number;
  readonly start: number;
  readonly value: number;
  readonly end: number;
}

const FIXED_WIDTH: Readonly<Record<number, number>> = { 4: 0, 5: 1, 6: 2, 7: 4, 8: 8, 9: 16 };

/** The position after the value whose constructor is at `at`. Throws a RangeError on bytes that are no AMQP. */
export function skipValue(bytes: Buffer, at: number): number {
  const code = bytes.readUInt8(at);
  if (code === 0) return skipValue(bytes, skipValue(bytes, at + 1));
  const category = code >> 4;
  const fixed = FIXED_WIDTH[category];
  let end: number;
  if (fixed !== undefined) end = at + 1 + fixed;
  else if (category < 4) throw new RangeError(`no AMQP type has the code ${code}`);
  // a, c, e carry a size of one byte; b, d, f of four
  else if (category % 2 === 0) end = at + 2 + bytes.readUInt8(at + 1);
  else end = at + 5 + bytes.readUInt32BE(at + 1);
  if (end > bytes.length) throw new RangeError("a value goes beyond the end of its message");
  return end;
}

/** All sections in the order of their bytes. */
export function sectionsOf(bytes: Buffer): Section[] {
  const sections: Section[] = [];
  for (let start = 0; start < bytes.length; ) {
    if (bytes[start] !== 0) throw new RangeError("a message section must be described");
    const value = skipValue(bytes, start + 1);
    const end = skipValue(bytes, value);
    // Descriptors are small ulongs or full ones; in both the last byte tells the section.
    sections.push({ code: bytes.readUInt8(value - 1), start, value, end });
    start = end;
  }
  return sections;
}

/** The bytes inside a binary value (a data section's content). */
export function binaryAt(bytes: Buffer, at: number): Buffer {
  const wide = bytes.readUInt8(at) === 0xb0;
  return bytes.subarray(at + (wide ? 5 : 2), skipValue(bytes, at));
}

/** One entry of an encoded map: its key as text, and the bytes of key and value together. */
export interface MapEntry {
  readonly key: string;
  readonly bytes: Buffer;
}

/** The entries of the map whose constructor is at `at`; none for null. */
export function mapEntries(bytes: Buffer, at: number): MapEntry[] {
  const code = bytes.readUInt8(at);
  if (code !== 0xc1 && code !== 0xd1) return [];
  const wide = code === 0xd1;
  const end = skipValue(bytes, at);
  const entries: MapEntry[] = [];
  for (let key = at + (wide ? 9 : 3); key < end; ) {
    const value = skipValue(bytes, key);
    const next = skipValue(bytes, value);
    const text = bytes.readUInt8(key) >> 4 === 0xb ? key + 5 : key + 2;
    entries.push({ key: bytes.toString("utf8", text, value), bytes: bytes.subarray(key, next) });
    key = next;
  }
  return entries;
}

/** Encodes a section that holds a map of these entries. */
export function mapSection(code: number, entries: readonly Buffer[]): Buffer {
  const size = entries.reduce((sum, entry) => sum + entry.length, 0);
  const section = Buffer.allocUnsafe(12 + size);
  section.writeUInt32BE(0x00_53_00_d1 | (code << 8), 0);
  section.writeUInt32BE(size + 4, 4);
  section.writeUInt32BE(entries.length * 2, 8);
  let at = 12;
  for (const entry of entries) at += entry.copy(section, at);
  return section;
}
