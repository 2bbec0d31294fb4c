/** How many cases a property tries: few by default, so that a suite stays quick; PARCOURS_FC_RUNS asks for more. */
export function runs(usual: number): { readonly numRuns: number } {
  const asked = Number(process.env.PARCOURS_FC_RUNS);
  return { numRuns: Number.isInteger(asked) && asked > 0 ? asked : usual };
}
