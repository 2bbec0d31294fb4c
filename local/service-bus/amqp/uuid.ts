/** .NET writes the first three groups of a uuid little end first; delivery tags are in that order. */
const ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

/** Turns a uuid's bytes from network order into .NET's, or back. */
export function reorderUuid(bytes: Buffer): Buffer {
  const reordered = Buffer.allocUnsafe(ORDER.length);
  ORDER.forEach((from, to) => {
    reordered[to] = bytes[from] ?? 0;
  });
  return reordered;
}
