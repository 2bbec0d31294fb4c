import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { atLeast, type Bench, median, shown } from "./bench.ts";
import { bodyOf } from "./case-body.ts";
import { changes } from "./catalogue.ts";
import { loadFor, postRequests } from "./load.ts";

const ROUNDS = 15;
const SECONDS = 0.8;

export const bench: Bench = {
  name: "webhook",
  how: "Parse and match a case's webhook body at 1 000 triggers, against HMAC-SHA256 and JSON.parse of the same body (all of it; we step over the parent context, a third, where no tag stands in it). Both on a bare node:http server in a process of its own, loaded in turns by the same 16 connections; medians of the turns.",
  run: async () => {
    const bodies = changes(200, 1000).map(bodyOf);
    const requests = postRequests("/api/dataverse/webhook", bodies);
    const ours = await serve("parse-and-match");
    const peer = await serve("hmac-and-json");
    try {
      const rounds: { ours: Turn; peer: Turn }[] = [];
      // Until both have been compiled and their memory has settled.
      for (let warm = 0; warm < 3; warm++) {
        await turn(ours, requests);
        await turn(peer, requests);
      }
      for (let round = 0; round < ROUNDS; round++) {
        // Whoever goes first changes, for the machine may be getting busier or quieter.
        const first = round % 2 === 0 ? await turn(ours, requests) : undefined;
        const other = await turn(peer, requests);
        rounds.push({ ours: first ?? (await turn(ours, requests)), peer: other });
      }
      const rate = median(rounds.map((round) => round.ours.rate / round.peer.rate));
      const cpu = median(rounds.map((round) => round.peer.cpu / round.ours.cpu));
      const kilobytes = (bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0) / bodies.length / 1024).toFixed(
        1,
      );
      return [
        {
          what: `requests a second, ${kilobytes} KB each`,
          measured: `${Math.round(median(rounds.map((round) => round.ours.rate)))}/s`,
          peer: `HMAC + JSON.parse ${Math.round(median(rounds.map((round) => round.peer.rate)))}/s`,
          ratio: rate,
          goal: atLeast(rate, 0.85),
        },
        {
          what: "processor time of the server for a request (ratio: peer / ours)",
          measured: shown(median(rounds.map((round) => round.ours.cpu))),
          peer: shown(median(rounds.map((round) => round.peer.cpu))),
          ratio: cpu,
        },
      ];
    } finally {
      ours.child.disconnect();
      peer.child.disconnect();
    }
  },
};

interface Served {
  readonly child: ChildProcess;
  readonly port: number;
}

interface Turn {
  readonly rate: number;
  /** Seconds of processor time for each request. */
  readonly cpu: number;
}

async function serve(work: string): Promise<Served> {
  const child = fork(new URL("./webhook-server.ts", import.meta.url), [work], { execPath: process.execPath });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return { child, port };
}

async function turn(served: Served, requests: readonly Buffer[]): Promise<Turn> {
  const before = await cpuOf(served);
  const rate = await loadFor(SECONDS, served.port, requests);
  return { rate, cpu: ((await cpuOf(served)) - before) / (rate * SECONDS) };
}

async function cpuOf({ child }: Served): Promise<number> {
  child.send("cpu");
  const [{ cpuSeconds }] = (await once(child, "message")) as [{ cpuSeconds: number }];
  return cpuSeconds;
}
