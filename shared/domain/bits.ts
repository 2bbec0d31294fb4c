/** A set of small numbers, one bit each: thousands are joined and met in a microsecond. */
export type Bits = Uint32Array;

export function bitsFor(size: number): Bits {
  return new Uint32Array((size + 31) >>> 5);
}

export function add(bits: Bits, number: number): void {
  bits[number >>> 5] = (bits[number >>> 5] ?? 0) | (1 << (number & 31));
}

/** Puts the other's members into it. */
export function join(into: Bits, other: Bits): void {
  for (let word = 0; word < into.length; word++) into[word] = (into[word] ?? 0) | (other[word] ?? 0);
}

/** Leaves only what both have. */
export function meet(into: Bits, other: Bits): void {
  for (let word = 0; word < into.length; word++) into[word] = (into[word] ?? 0) & (other[word] ?? 0);
}

/** Calls for each member, from the smallest on. */
export function forEach(bits: Bits, visit: (number: number) => void): void {
  for (let word = 0; word < bits.length; word++) {
    let left = bits[word] ?? 0;
    while (left !== 0) {
      const lowest = left & -left;
      visit((word << 5) + 31 - Math.clz32(lowest));
      left ^= lowest;
    }
  }
}
