import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atMost, type Bench, median, shown } from "./bench.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const WORKER = join(ROOT, "bench/cold-start/worker.ts");
const ROUNDS = 9;
const GOAL = 0.33;

/** Enough for the composition root to make everything: nothing is connected to before it is used. */
const SETTINGS = {
  PARCOURS_ORGANIZATION_ID: "00000000-0000-0000-0000-000000000001",
  PARCOURS_WEBHOOK_KEY: "a webhook key",
  PARCOURS_SIGNING_KEY: "k1:a secret of some length",
  PARCOURS_PUBLIC_URL: "http://localhost:7071",
  PARCOURS_SENDER: "bench@example.com",
  PARCOURS_OPEN: "local",
  PARCOURS_SQLITE_FILE: ":memory:",
  ServiceBus: "Endpoint=sb://localhost;SharedAccessKeyName=a;SharedAccessKey=b",
  COMMUNICATION_CONNECTION: "endpoint=http://localhost:1/;accesskey=YQ==",
  DATAVERSE_URL: "http://localhost:1",
};

export const bench: Bench = {
  name: "cold-start",
  how: `A fresh worker process loads the app and answers its first /api/health, all services composed: the packaged folder beside the unbundled tree (functions/, shared/ and their node_modules), in turn, medians of ${ROUNDS}. Node's own start, the same for both, is not in it.`,
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), "parcours-package-"));
    try {
      execFileSync(process.execPath, ["scripts/build.ts", "--out", folder], { cwd: ROOT });
      const seconds: [number[], number[]] = [[], []];
      for (let round = 0; round < ROUNDS; round += 1)
        for (const [at, app] of [folder, ROOT].entries()) seconds[at]?.push(load(app));
      const [packaged, tree] = seconds.map(median) as [number, number];
      const ratio = packaged / tree;
      return [
        {
          what: "load to first answer",
          measured: shown(packaged),
          peer: `unbundled tree ${shown(tree)}`,
          ratio,
          goal: atMost(ratio, GOAL),
        },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Seconds that a new process needs to load the app and to answer. */
function load(folder: string): number {
  const argv = ["--disable-warning=ExperimentalWarning", WORKER, folder, "health"];
  const said = execFileSync(process.execPath, argv, { env: { ...process.env, ...SETTINGS }, encoding: "utf8" });
  return Number(said) / 1000;
}
