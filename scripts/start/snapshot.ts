import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { ROOT } from "./parts.ts";

/** What is known of a history that was made. */
export interface Snapshot {
  /** Version of a run's row that it was made with: with another one it is made anew. */
  readonly rowSchema: number;
  /** ISO 8601. The sandbox's clock starts at `end`. */
  readonly begin: string;
  readonly end: string;
}

const FOLDER = join(ROOT, "sandbox/history/snapshot");
const ABOUT = "snapshot.json";
/** Keys are each sandbox's own, and so is its clock. */
const OWN = new Set(["keys.json", "clock.json", "sandbox.json"]);

/** The version of a run's row that this code reads and writes, out of its declaration. */
export function rowSchema(): number {
  const declared = /readonly schema: (\d+);/.exec(readFileSync(join(ROOT, "shared/domain/run.ts"), "utf8"))?.[1];
  if (declared === undefined) throw new Error("shared/domain/run.ts no longer says the version of a run's row");
  return Number(declared);
}

/** The history that lies in the repository, if it fits this code. */
export function readSnapshot(): Snapshot | undefined {
  try {
    const snapshot = JSON.parse(readFileSync(join(FOLDER, ABOUT), "utf8")) as Snapshot;
    return snapshot.rowSchema === rowSchema() ? snapshot : undefined;
  } catch {
    return undefined;
  }
}

/** Packs the data of a platform that has been closed. Answers the size in bytes. */
export function packSnapshot(dataDir: string, about: Omit<Snapshot, "rowSchema">): number {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  let size = 0;
  for (const name of readdirSync(dataDir).filter((file) => file.endsWith(".db"))) settle(join(dataDir, name));
  for (const name of readdirSync(dataDir).filter((file) => !OWN.has(file))) {
    const content = readFileSync(join(dataDir, name));
    const packed = brotliCompressSync(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 10,
        [constants.BROTLI_PARAM_LGWIN]: 24,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    });
    writeFileSync(join(FOLDER, `${name}.br`), packed);
    size += packed.length;
  }
  const snapshot: Snapshot = { rowSchema: rowSchema(), ...about };
  writeFileSync(join(FOLDER, ABOUT), `${JSON.stringify(snapshot, undefined, 2)}\n`);
  return size;
}

/** Unpacks the history as a sandbox's data: the whole of it, or, if that is cut off, nothing. */
export function unpackSnapshot(snapshot: Snapshot, dataDir: string): void {
  const unfinished = `${dataDir}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith(".br")))
    writeFileSync(
      join(unfinished, name.slice(0, -".br".length)),
      brotliDecompressSync(readFileSync(join(FOLDER, name))),
    );
  writeFileSync(join(unfinished, ABOUT), JSON.stringify(snapshot));
  setClock(unfinished, Date.parse(snapshot.end));
  renameSync(unfinished, dataDir);
}

/** Lets the clock of a platform that is not running start at this instant. */
export function setClock(dataDir: string, instant: number): void {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, "clock.json"), JSON.stringify({ offsetMs: instant - Date.now() }));
}

/** Brings what the write-ahead log holds into the file itself, and leaves out what it no longer needs. */
function settle(file: string): void {
  const db = new DatabaseSync(file);
  db.exec("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE; VACUUM;");
  db.close();
}
