import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LogicEngine } from "json-logic-engine";
import { sqliteRows } from "../shared/adapters/sqlite/rows.ts";
import type { Change } from "../shared/domain/change.ts";
import { compile, match } from "../shared/domain/matcher.ts";
import type { RecordTrigger } from "../shared/domain/trigger.ts";
import { storesOver } from "../shared/stores/stores-over.ts";
import { startStack } from "../test/support/stack.ts";
import { atLeast, atMost, type Bench, type Line, secondsEach, shown } from "./bench.ts";
import { bodyOf } from "./case-body.ts";
import { catalogue, changes } from "./catalogue.ts";
import { inputOf, logicPeer } from "./logic-peer.ts";
import { kept } from "./memory.ts";
import { openLoop } from "./open-loop.ts";
import { wideCatalogue, wideChanges } from "./wide-catalogue.ts";

const NOW = Date.parse("2026-03-01T09:00:00Z");
const CHANGES = 100;
const RATE = 100;
const SECONDS = 20;
const WARM_UP_SECONDS = 4;

export const bench: Bench = {
  name: "triggers",
  how: `Triggers that no value can be looked up in: ranges of numbers and moments, parts of texts, several columns; the same words and ranges however many there are. The peer evaluates its compiled rules of the changed table's triggers; both must fire the same. Memory is what stays on the heap beside the triggers themselves. The webhook is the whole local stack with 1 000 triggers of each catalogue, called at ${RATE} changes a second for ${SECONDS} s whether or not it has answered; times count from when a call was due.`,
  run: async () => [...speed(), ...memory(), ...(await webhook())],
};

function speed(): Line[] {
  const small = contest(1_000);
  const large = contest(10_000);
  const [one = 0, ten = 0, tenPeer = 0] = secondsEach([small.ours, large.ours, large.peer]);
  return [
    {
      what: "10 000 triggers of ranges and parts of texts, a change",
      measured: shown(ten / CHANGES),
      peer: `json-logic-engine ${shown(tenPeer / CHANGES)}`,
      ratio: tenPeer / ten,
      goal: atLeast(tenPeer / ten, 15),
    },
    {
      what: `cost from 1 000 to 10 000 (${small.fired} and ${large.fired} fired a change)`,
      measured: shown(ten / CHANGES),
      peer: `1 000: ${shown(one / CHANGES)}`,
      ratio: ten / one,
      goal: atMost(ten / one, 8),
    },
  ];
}

/** Both ways over the same changes, checked to agree. */
function contest(size: number): { ours: () => void; peer: () => void; fired: string } {
  const triggers = wideCatalogue(size);
  const list = wideChanges(CHANGES);
  const matcher = compile(triggers, 1);
  const peer = logicPeer(new LogicEngine(), triggers.filter(isOfCases));
  const inputs = list.map(inputOf);
  let fired = 0;
  for (const [index, change] of list.entries()) {
    const slugs = ({ slug }: RecordTrigger): string => slug;
    const [one, other] = [match(matcher, change, NOW).fired.map(slugs), peer(inputs[index]).map(slugs)];
    if (one.join() !== other.join()) throw new Error(`they disagree about change ${index}: ${one} · ${other}`);
    fired += other.length;
  }
  return {
    ours: () => {
      for (const change of list) match(matcher, change, NOW);
    },
    peer: () => {
      for (const input of inputs) peer(input);
    },
    fired: (fired / CHANGES).toFixed(1),
  };
}

function isOfCases({ table }: RecordTrigger): boolean {
  return table === "incident";
}

const SIZE = 10_000;

function memory(): Line[] {
  return (
    [
      ["of ranges and parts of texts", wideCatalogue(SIZE)],
      ["of values", catalogue(SIZE)],
    ] as const
  ).map(([what, triggers]) => {
    const ours = kept(() => compile(triggers, 1)) / SIZE;
    const peer = kept(() => logicPeer(new LogicEngine(), triggers)) / SIZE;
    const bytes = (number: number): string => `${Math.round(number)} B`;
    return {
      what: `memory of the index, a trigger ${what}`,
      measured: bytes(ours),
      peer: `json-logic-engine ${bytes(peer)}`,
      ratio: peer / ours,
    };
  });
}

const TRIGGERS = 1_000;

async function webhook(): Promise<Line[]> {
  const dir = mkdtempSync(join(tmpdir(), "parcours-bench-"));
  const file = join(dir, "store.db");
  await publishAll(file, [...catalogue(TRIGGERS), ...wideCatalogue(TRIGGERS)]);
  const stack = await startStack({ settings: { PARCOURS_SQLITE_FILE: file } });
  try {
    const { app, webhookKey, organizationId } = stack.http.at;
    const all = [...changes(1_000, TRIGGERS), ...wideChanges(1_000)];
    const bodies = all.map((change: Change) => bodyOf({ ...change, organization: organizationId }));
    const headers = { "x-parcours-key": webhookKey, "content-type": "application/json" };
    const post = async (n: number): Promise<void> => {
      const body = bodies[(n * 7) % bodies.length] ?? "";
      const answer = await fetch(`${app}/api/dataverse/webhook`, { method: "POST", headers, body });
      await answer.arrayBuffer();
      if (answer.status !== 202) throw new Error(`the webhook answered ${answer.status}`);
    };
    await openLoop(RATE, WARM_UP_SECONDS, post);
    const { p50, p99, late } = await openLoop(RATE, SECONDS, post);
    return [
      {
        what: `webhook at ${RATE} changes a second, ${2 * TRIGGERS} triggers: p99 (${late} calls began over 20 ms late)`,
        measured: shown(p99),
        peer: `p50 ${shown(p50)}`,
        ratio: p99 / p50,
      },
    ];
  } finally {
    await stack.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Published as they stand: what is measured is not how they are checked and registered. */
async function publishAll(file: string, triggers: readonly RecordTrigger[]): Promise<void> {
  const rows = sqliteRows({ file, now: Date.now });
  const stores = storesOver(rows);
  for (const trigger of triggers)
    await stores.triggers.publish(trigger.slug, trigger.name, () => trigger, "2026-03-01T09:00:00.000Z");
  await stores.generation.raise();
  rows.close();
}
