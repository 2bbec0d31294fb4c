import { readdir } from "node:fs/promises";
import type { Bench, Line } from "./bench.ts";

/** `npm run bench [-- name…]`: runs the benchmarks one after the other and prints what came of them, as ratios. */
async function main(names: readonly string[]): Promise<number> {
  const benches: Bench[] = [];
  for (const file of (await readdir(import.meta.dirname)).filter((name) => name.endsWith(".bench.ts")).sort())
    benches.push(((await import(`./${file}`)) as { bench: Bench }).bench);
  const chosen = benches.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)));
  if (chosen.length === 0) {
    console.error(`No benchmark is called so. There are: ${benches.map(({ name }) => name).join(", ")}.`);
    return 2;
  }
  let missed = 0;
  for (const bench of chosen) {
    console.log(`\n${bench.name}\n  ${bench.how}`);
    const lines = await bench.run();
    print(lines);
    missed += lines.filter(({ goal }) => goal?.met === false).length;
  }
  if (missed > 0) console.log(`\n${missed} of the goals missed.`);
  return missed > 0 ? 1 : 0;
}

function print(lines: readonly Line[]): void {
  const rows = [
    ["", "measured", "peer", "ratio", "goal"],
    ...lines.map(({ what, measured, peer, ratio, goal }) => [
      what,
      measured,
      peer,
      `${ratio.toFixed(ratio < 10 ? 2 : 0)}×`,
      goal === undefined ? "reported" : `${goal.text} ${goal.met ? "met" : "MISSED"}`,
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows)
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
}

process.exitCode = await main(process.argv.slice(2));
