/** Lets the sample company live its sixty days, and keeps what they left behind: `npm run history`. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeHistory } from "./start/history.ts";
import { packSnapshot } from "./start/snapshot.ts";

const dataDir = join(mkdtempSync(join(tmpdir(), "parcours-history-")), "data");
try {
  const began = performance.now();
  const made = await makeHistory(dataDir, (day) => console.log(`day ${day}`));
  const size = packSnapshot(dataDir, made);
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`${made.begin} to ${made.end} in ${seconds} s, ${Math.round(size / 1024)} KB`);
} finally {
  rmSync(join(dataDir, ".."), { recursive: true, force: true });
}
