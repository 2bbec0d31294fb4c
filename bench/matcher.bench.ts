import { LogicEngine } from "json-logic-engine";
import { compile, match } from "../shared/domain/matcher.ts";
import { atLeast, atMost, type Bench, secondsEach, shown } from "./bench.ts";
import { catalogue, changes } from "./catalogue.ts";
import { inputOf, logicPeer } from "./logic-peer.ts";

const NOW = Date.parse("2026-03-01T09:00:00Z");
const CHANGES = 200;

export const bench: Bench = {
  name: "matcher",
  how: "One case update against a catalogue, half of it on cases. The peer evaluates its compiled rules of the table's triggers only (table and message chosen beforehand, references flattened to ids beforehand); both must fire the same triggers.",
  run: async () => {
    const small = contest(1000);
    const large = contest(10_000);
    const [smallOurs = 0, smallPeer = 0, largeOurs = 0, largePeer = 0] = secondsEach([
      small.ours,
      small.peer,
      large.ours,
      large.peer,
    ]);
    const against = largePeer / largeOurs;
    const growth = largeOurs / smallOurs;
    return [
      {
        what: "10 000 triggers, a change",
        measured: shown(largeOurs / CHANGES),
        peer: `json-logic-engine ${shown(largePeer / CHANGES)}`,
        ratio: against,
        goal: atLeast(against, 15),
      },
      {
        what: "1 000 triggers, a change",
        measured: shown(smallOurs / CHANGES),
        peer: `json-logic-engine ${shown(smallPeer / CHANGES)}`,
        ratio: smallPeer / smallOurs,
      },
      {
        what: `cost from 1 000 to 10 000 (${small.fired} and ${large.fired} fired a change)`,
        measured: shown(largeOurs / CHANGES),
        peer: `1 000: ${shown(smallOurs / CHANGES)}`,
        ratio: growth,
        goal: atMost(growth, 4),
      },
    ];
  },
};

/** Both ways over the same changes, checked to agree. */
function contest(size: number): { ours: () => void; peer: () => void; fired: string } {
  const triggers = catalogue(size);
  const list = changes(CHANGES, size);
  const matcher = compile(triggers, 1);
  const inputs = list.map(inputOf);
  const peer = logicPeer(
    new LogicEngine(),
    triggers.filter(({ table }) => table === "incident"),
  );

  let fired = 0;
  for (const [index, change] of list.entries()) {
    const one = match(matcher, change, NOW)
      .fired.map(({ slug }) => slug)
      .join();
    const other = peer(inputs[index]).map(({ slug }) => slug);
    if (one !== other.join()) throw new Error(`they disagree about change ${index}: ${one} · ${other.join()}`);
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
