import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { setClock } from "../../scripts/start/snapshot.ts";
import type { Recorded } from "./story.ts";

const FOLDER = new URL("../fixtures/builds/", import.meta.url).pathname;
const ABOUT = "about.json";
/** Source maps are for people, and the addresses were those of the platform that recorded. */
const LEFT_OUT = /\.map$|^sandbox\.json$|^clock\.json$/;

export interface About {
  /** Version of a run's row that this build writes. */
  readonly rowSchema: number;
  /** ISO 8601: what time it was when the platform stopped. */
  readonly end: string;
  readonly recorded: Recorded;
}

/** The builds that were recorded, oldest first. */
export function recordedBuilds(): string[] {
  return readdirSync(FOLDER).sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
}

/** Keeps a build: its package, and the state in which it left its runs. */
export function packBuild(name: string, appDir: string, dataDir: string, about: About): void {
  rmSync(join(FOLDER, name), { recursive: true, force: true });
  for (const file of readdirSync(dataDir).filter((one) => one.endsWith(".db"))) settle(join(dataDir, file));
  pack(appDir, join(FOLDER, name, "app"));
  pack(dataDir, join(FOLDER, name, "state"));
  writeFileSync(join(FOLDER, name, ABOUT), `${JSON.stringify(about, null, 2)}\n`);
}

/** Lays a build's package, and its state if asked for, into a folder: `app` and `state`. */
export function unpackBuild(name: string, into: string): About & { readonly appDir: string; readonly dataDir: string } {
  const [appDir, dataDir] = [join(into, "app"), join(into, "state")];
  unpack(join(FOLDER, name, "app"), appDir);
  unpack(join(FOLDER, name, "state"), dataDir);
  const about = JSON.parse(readFileSync(join(FOLDER, name, ABOUT), "utf8")) as About;
  setClock(dataDir, Date.parse(about.end));
  return { ...about, appDir, dataDir };
}

function pack(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from).filter((one) => !LEFT_OUT.test(one))) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
    writeFileSync(join(to, `${file}.br`), brotliCompressSync(readFileSync(join(from, file)), { params }));
  }
}

function unpack(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from))
    writeFileSync(join(to, file.slice(0, -".br".length)), brotliDecompressSync(readFileSync(join(from, file))));
}

/** Brings what the write-ahead log holds into the file itself. */
function settle(file: string): void {
  const db = new DatabaseSync(file);
  db.exec("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE; VACUUM;");
  db.close();
}
