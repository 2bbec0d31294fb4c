import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Addresses } from "../sandbox/client.ts";
import { Company } from "../test/journeys/company.ts";
import { startStack } from "../test/support/stack.ts";
import { type Bench, shown } from "./bench.ts";
import { bodyOf } from "./case-body.ts";
import { changes } from "./catalogue.ts";
import { loadFor, postRequests } from "./load.ts";

const RUNS = 300;
const WARM_UP = 30;
const JOURNEY = {
  slug: "bench",
  name: "Bench",
  entry: { trigger: "lead-created", reentry: { kind: "never" } },
  start: "one",
  steps: {
    one: { kind: "branch", arms: [{ name: "yes", when: { kind: "all", of: [] }, next: "two" }], otherwise: null },
    two: { kind: "discount", pool: "bench", next: "pause" },
    pause: { kind: "wait", duration: "PT1S", next: "three" },
    three: { kind: "email", mail: "survey-thanks", next: "four" },
    four: { kind: "branch", arms: [{ name: "yes", when: { kind: "all", of: [] }, next: null }], otherwise: null },
  },
};

export const bench: Bench = {
  name: "stack",
  how: `The whole local stack, durable, load generator included: ${RUNS} leads are created in the Dataverse stand-in; each fires the webhook, crosses the bus and carries a run of 5 steps and a 1 s wait to its end. Beside it, what this machine's node:http answers in a second.`,
  run: async () => {
    const http = await bareHttp();
    const stack = await startStack();
    try {
      const company = await Company.open(stack.http);
      const codes = Array.from({ length: RUNS + WARM_UP }, (_, n) => `BENCH-${n}`);
      await stack.http.api("POST", "/api/discount-pools/bench/codes", { codes });
      await company.publish("journeys", JOURNEY);
      await lead(company, WARM_UP);
      const began = performance.now();
      await lead(company, RUNS);
      const seconds = (performance.now() - began) / 1000;
      const rate = RUNS / seconds;
      const webhook = await webhooks(stack.http.at);
      return [
        {
          what: "webhooks through the whole function: front door, conversions, match, bus, 202",
          measured: `${Math.round(webhook)}/s`,
          peer: `node:http ${Math.round(http)}/s`,
          ratio: webhook / http,
        },
        {
          what: `runs of 5 steps and a 1 s wait, ${RUNS} at once`,
          measured: `${rate.toFixed(1)}/s (${shown(seconds / RUNS)} each)`,
          peer: `node:http ${Math.round(http)}/s`,
          ratio: rate / http,
        },
      ];
    } finally {
      await stack.stop();
    }
  },
};

async function lead(company: Company, count: number): Promise<void> {
  for (let n = 0; n < count; n += 10)
    await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        company.http.create("leads", {
          firstname: "Banc",
          lastname: `Essai ${n + at}`,
          emailaddress1: `lead-${n + at}@example.com`,
        }),
      ),
    );
  // The wait is a second of real time, and then all is quiet.
  await new Promise((passed) => setTimeout(passed, 1000));
  await company.quiet();
}

const WEBHOOKS = 2_000;
const CONNECTIONS = 16;

/** Changes of cases as Dataverse posts them, each another one; answers how many a second were taken. */
async function webhooks({ app, webhookKey, organizationId }: Addresses): Promise<number> {
  const bodies = changes(WEBHOOKS, 10).map((change) => bodyOf({ ...change, organization: organizationId }));
  const headers = { "x-parcours-key": webhookKey, "content-type": "application/json" };
  const began = performance.now();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, first) => {
      for (let n = first; n < bodies.length; n += CONNECTIONS) {
        const body = bodies[n] ?? "";
        const response = await fetch(`${app}/api/dataverse/webhook`, { method: "POST", headers, body });
        if (response.status !== 202)
          throw new Error(`the webhook answered ${response.status} ${await response.text()}`);
        await response.arrayBuffer();
      }
    }),
  );
  return WEBHOOKS / ((performance.now() - began) / 1000);
}

async function bareHttp(): Promise<number> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(202).end());
  }).listen(0, "127.0.0.1");
  try {
    await new Promise((listening) => server.once("listening", listening));
    return await loadFor(2, (server.address() as AddressInfo).port, postRequests("/", ['{"a":1}']));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
