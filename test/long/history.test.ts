import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { type Addresses, Client } from "../../sandbox/client.ts";
import { makeHistory } from "../../scripts/start/history.ts";
import { startSandbox } from "../../scripts/start/parts.ts";
import { setClock } from "../../scripts/start/snapshot.ts";

const PATIENCE_MS = 900_000;

it(
  "the sixty days of Atelier Boréal, made anew, leave no message behind and the numbers that the sandbox shows",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "parcours-history-"));
    const dataDir = join(folder, "data");
    const { end } = await makeHistory(dataDir, () => undefined);
    setClock(dataDir, Date.parse(end));
    const ports = { app: 0, control: 0, serviceBus: 0, dataverse: 0, communication: 0 };
    const platform = await startSandbox({ dataDir, ports });
    try {
      await platform.waitUntilReady();
      const client = new Client(platform.addresses as Addresses);
      const { totals } = await client.api<{ totals: object }>("GET", "/api/journeys/after-the-case/insights");
      expect(totals).toMatchObject({ "journey~entered": 56, "code~drew": 16, "time-to-order~goal": 8, "ask~exit": 1 });
      expect(await client.api("GET", "/api/discount-pools/apology-10")).toEqual({ free: 4 });
      for (const kind of ["malformed", "foreign", "permanent", "transient"])
        expect(await client.api("GET", `/api/parked?kind=${kind}`)).toEqual({ parked: [], next: null });
    } finally {
      await platform.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  PATIENCE_MS,
);
