/**
 * Kills the app five times while 200 runs are under way, then counts in the mailbox: nothing lost, nothing sent twice.
 * Needs a sandbox that is up; speaks to it over HTTP alone.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Addresses, Client } from "../sandbox/client.ts";
import { WORDS } from "../sandbox/story/words.ts";
import { startOptions } from "./start/options.ts";

const RUNS = 200;
const AT_ONCE = 10;
const KILLS = 5;

async function main(): Promise<number> {
  const { language, dataDir } = startOptions(process.argv.slice(2), process.env);
  const words = WORDS[language].load;
  const client = new Client(addresses(join(dataDir, "sandbox.json"), words.notUp));
  const round = Date.now().toString(36);
  const address = (n: number) => `essai-${round}-${n}@example.com`;

  console.log(words.begins(RUNS));
  const coming = addLeads(client, address);
  for (let kill = 1; kill <= KILLS; kill += 1) {
    // Some moment in the work of the instance before.
    await sleep(300 + Math.random() * 700);
    const { killed } = (await client.control("/app/kill").catch(() => ({}))) as { killed?: { pid: number } };
    if (killed !== undefined) console.log(words.killed(killed.pid));
  }
  await coming;
  await client.advance("PT2M");

  const sent = new Map<string, number>();
  for (const { to } of await client.mails()) sent.set(to, (sent.get(to) ?? 0) + 1);
  const counts = Array.from({ length: RUNS }, (_, n) => sent.get(address(n)) ?? 0);
  const lost = counts.filter((count) => count === 0).length;
  const twice = counts.filter((count) => count > 1).length;
  console.log(words.counted(RUNS, lost, twice));
  return lost + twice;
}

/** Each lead enters the webinar's journey, whose first step is a mail. */
async function addLeads(client: Client, address: (n: number) => string): Promise<void> {
  for (let n = 0; n < RUNS; n += AT_ONCE)
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, at) =>
        client.create("leads", { firstname: "Essai", lastname: String(n + at), emailaddress1: address(n + at) }),
      ),
    );
}

function addresses(file: string, notUp: string): Addresses {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Addresses;
  } catch {
    throw new RangeError(notUp);
  }
}

try {
  process.exitCode = (await main()) === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof RangeError ? error.message : error);
  process.exitCode = 1;
}
