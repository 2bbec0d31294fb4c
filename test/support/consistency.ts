import { expect } from "@jest/globals";
import type { Fact } from "../../shared/domain/run.ts";
import { under } from "../../shared/stores/keys.ts";
import type { RunRow } from "../../shared/stores/members.ts";
import { BUCKETS } from "../../shared/stores/run-index.ts";
import type { World } from "./in-process.ts";

const ENDS: readonly string[] = ["goal", "exit", "completed", "stopped"];

/** Every run of a member, live or done. */
export async function runsOf({ rows }: World, member: string): Promise<RunRow[]> {
  const found = await Promise.all(["live", "done"].map((kind) => everything<RunRow>(rows, "Members", member, kind)));
  return found.flat().map(({ value }) => value);
}

/**
 * What must hold of a run at any quiet moment: its facts are numbered without a gap, agree with its state, are counted
 * once each, and the operators' lists hold it in the one bucket of its row.
 */
export async function expectConsistent(world: World, row: RunRow): Promise<readonly Fact[]> {
  const { run, member, journey } = row.state;
  const stored = await everything<Fact>(world.rows, "Members", member, `fact~${run}`);
  const numbers = stored.map((fact) => fact.row.split("~").slice(3).map(Number));
  for (const [at, [seq = 0, n]] of numbers.entries()) {
    const [former = 0, formerN = 0] = numbers[at - 1] ?? [0, 0];
    expect(seq).toBeLessThanOrEqual(row.seq);
    expect(n).toBe(seq === former ? formerN + 1 : 0);
  }
  const facts = stored.map(({ value }) => value);
  expect(facts[0]?.kind).toBe("entered");
  expect(facts.filter(({ kind }) => kind === "entered")).toHaveLength(1);
  const { ended } = row.state;
  const exits = facts.filter(({ kind }) => ENDS.includes(kind));
  expect(exits.map(({ kind }) => kind)).toEqual(ended === null ? [] : [ended.as]);
  if (ended !== null) expect(facts.at(-1)?.kind).toBe(ended.as);
  expect(row.next.kind === "end").toBe(ended !== null);
  await expectCounted(world, journey);
  await expectListedOnce(world, row);
  expect(JSON.parse(JSON.stringify(row))).toEqual(row);
  return facts;
}

/** The counters of a journey, over all its versions, are the facts of its runs. */
async function expectCounted(world: World, journey: string): Promise<void> {
  const counted: Record<string, number> = {};
  const { published } = (await world.calm.journeys.listed(journey)) ?? {};
  for (let version = 1; version <= (published ?? 0); version += 1)
    for (const [name, count] of Object.entries(await world.calm.insights.totals(journey, version)))
      counted[name] = (counted[name] ?? 0) + count;
  const sums: Record<string, number> = {};
  for (const member of await membersOf(world, journey))
    for (const row of await runsOf(world, member)) {
      if (row.state.journey !== journey) continue;
      for (const fact of await world.calm.members.facts(member, row.state.run)) {
        const name = `${fact.step ?? "journey"}~${fact.kind}`;
        sums[name] = (sums[name] ?? 0) + 1;
      }
    }
  expect(counted).toEqual(sums);
}

async function membersOf(world: World, journey: string): Promise<Set<string>> {
  return new Set((await listed(world, journey)).map(({ line }) => line.member));
}

async function listed(world: World, journey: string) {
  const pages = BUCKETS.map(async (bucket) => {
    const lines = [];
    let continuation: string | undefined;
    do {
      const page = await world.calm.index.page(journey, bucket, 50, continuation);
      lines.push(...page.runs.map((line) => ({ bucket, line })));
      continuation = page.continuation;
    } while (continuation !== undefined);
    return lines;
  });
  return (await Promise.all(pages)).flat();
}

async function expectListedOnce(world: World, row: RunRow): Promise<void> {
  const lines = (await listed(world, row.state.journey)).filter(({ line }) => line.run === row.state.run);
  expect(lines.map(({ bucket, line }) => [bucket, line.bucket, line.seq])).toEqual([[row.bucket, row.bucket, row.seq]]);
}

async function everything<T>(rows: World["rows"], table: string, partition: string, prefix: string) {
  const found = [];
  let continuation: string | undefined;
  do {
    const page = await rows.list<T>(table, partition, { ...under(prefix), ...(continuation && { continuation }) });
    found.push(...page.rows);
    continuation = page.continuation;
  } while (continuation !== undefined);
  return found;
}
