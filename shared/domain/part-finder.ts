/** So few are looked for one by one. */
const FEW = 64;
const GRAM = 3;

/** Finds which of many parts a text holds, in time that grows with the text rather than with the parts. */
export class PartFinder {
  readonly #few: { readonly part: string; readonly members: readonly number[] }[] = [];
  /** Longer parts by their first three characters. */
  readonly #byStart = new Map<string, { readonly part: string; readonly members: readonly number[] }[]>();

  /** Members by the part, in lower case, that they look for. */
  constructor(members: ReadonlyMap<string, readonly number[]>) {
    const many = members.size > FEW;
    for (const [part, of] of members) {
      const entry = { part, members: of };
      if (!many || part.length < GRAM) this.#few.push(entry);
      else {
        const start = part.slice(0, GRAM);
        const there = this.#byStart.get(start);
        if (there === undefined) this.#byStart.set(start, [entry]);
        else there.push(entry);
      }
    }
  }

  /** Calls for each member whose part the text, in lower case, holds; for some more than once. */
  find(text: string, found: (member: number) => void): void {
    for (const { part, members } of this.#few) if (text.includes(part)) members.forEach(found);
    if (this.#byStart.size === 0) return;
    for (let at = 0; at + GRAM <= text.length; at++) {
      const starting = this.#byStart.get(text.slice(at, at + GRAM));
      if (starting === undefined) continue;
      for (const { part, members } of starting) if (text.startsWith(part, at)) members.forEach(found);
    }
  }

  /** Everybody, whatever they look for. */
  all(found: (member: number) => void): void {
    for (const { members } of this.#few) members.forEach(found);
    for (const entries of this.#byStart.values()) for (const { members } of entries) members.forEach(found);
  }
}
