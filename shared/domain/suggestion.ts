/** Names that resemble one which does not exist: most are typed wrongly by a letter or two, or in the plural. */
const MOST_SUGGESTED = 3;

/** `: did you mean "incident"?`, to be put after what says that a name is unknown. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = known
    .filter(
      (other) =>
        other.startsWith(name) || name.startsWith(other) || other.endsWith(`_${name}`) || differsByOne(name, other),
    )
    .slice(0, MOST_SUGGESTED);
  return near.length === 0 ? ": choose another" : `: did you mean ${near.map((each) => `"${each}"`).join(" or ")}?`;
}

/** One letter more, less or other. */
function differsByOne(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const rest = (text: string, skip: number) => text.slice(start + skip);
  return rest(one, 1) === rest(other, 1) || rest(one, 0) === rest(other, 1) || rest(one, 1) === rest(other, 0);
}
