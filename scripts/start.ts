/** `npm start`: Parcours and all that surrounds it, on this machine, with a company that has lived sixty days. */
import { createWriteStream } from "node:fs";
import { PortTaken } from "../local/platform/listen.ts";
import type { Platform } from "../local/platform/platform.ts";
import { type Addresses, Client } from "../sandbox/client.ts";
import { pointWebhook } from "../sandbox/register.ts";
import { day, moment, WORDS, type Words } from "../sandbox/story/words.ts";
import { type StartOptions, startOptions, USAGE } from "./start/options.ts";
import { HISTORY_SIGNING_KEY, startSandbox } from "./start/parts.ts";
import { freeBase, portsFrom, takenPort } from "./start/ports.ts";
import { say, sayCards, sayLinks, sayStory } from "./start/say.ts";
import { State } from "./start/state.ts";

/** What the person who started this can mend; said without a stack. */
class Refusal extends Error {}

async function main(options: StartOptions): Promise<void> {
  const words = WORDS[options.language];
  const state = new State(options.dataDir, options.empty);
  await refuseSecond(state, words);
  const ports = portsFrom(options.portBase);
  const taken = await takenPort(ports);
  if (taken !== undefined) throw new Refusal(words.portTaken(taken, await freeBase(options.portBase)));
  if (options.reset) state.reset();
  if (!state.fits) throw new Refusal(words.otherVersion);

  const began = performance.now();
  await prepare(state, options, words);
  const log = createWriteStream(state.log);
  const platform = await startSandbox({
    dataDir: state.dir,
    ports,
    settings: { PARCOURS_SIGNING_KEY_PREVIOUS: HISTORY_SIGNING_KEY },
    log: (line) => log.write(`${line}\n`),
  });
  const stop = stopper(platform, state);
  onSignals(words, stop);
  try {
    await sayParts(platform, words);
    state.announce(platform.addresses);
    const client = new Client(platform.addresses as Addresses);
    say(words.ready(((performance.now() - began) / 1000).toFixed(1)));
    const told = options.empty ? sayBare(words) : await playStory(client, words);
    if (options.once) return void (await stop(told ? 0 : 1));
    if (!options.empty) await sayCards(client, words);
    sayLinks(client, words);
    say(`  ${words.noMailLeaves}`);
    say();
    say(words.running(state.log));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
}

async function refuseSecond(state: State, words: Words): Promise<void> {
  const running = await state.running();
  if (running !== undefined) throw new Refusal(words.alreadyRunning(running.app));
}

async function prepare(state: State, { empty }: StartOptions, words: Words): Promise<void> {
  if (!state.isNew) {
    say(words.goesOn(moment(words, state.resumeClock())));
    return;
  }
  const told = {
    making: () => say(words.making),
    day: (n: number) => {
      if (n % 10 === 0) say(words.made(n));
    },
  };
  const made = await state.make(empty, told);
  if (made !== undefined) say(words.unpacked(day(words, made.begin), day(words, made.end)));
}

/** A line for each part as it comes up: those of the platform at once, the app when it has loaded. */
async function sayParts(platform: Platform, { parts }: Words): Promise<void> {
  const { dataverse, communication, control, app, serviceBus } = platform.addresses;
  const line = (name: string, at: string | undefined) => say(`  ✓ ${name.padEnd(22)} ${at}`);
  line(parts.bus, /Endpoint=([^;]+)/.exec(serviceBus ?? "")?.[1]);
  line(parts.dataverse, new URL(dataverse ?? "").origin);
  line(parts.mailbox, communication);
  line(parts.control, control);
  await platform.waitUntilReady();
  line(parts.app, app);
}

function sayBare(words: Words): boolean {
  say(words.bare);
  return true;
}

async function playStory(client: Client, words: Words): Promise<boolean> {
  await pointWebhook(client);
  return sayStory(client, words);
}

/** Closes everything, once however often it is asked to, and ends the process. */
function stopper(platform: Platform, state: State): (code: number) => Promise<void> {
  let stopped: Promise<void> | undefined;
  return (code) => {
    stopped ??= platform.close().then(() => state.leave(platform.clock));
    return stopped.finally(() => process.exit(code));
  };
}

function onSignals(words: Words, stop: (code: number) => Promise<void>): void {
  let asked = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      // A second Ctrl-C is from somebody who does not want to wait.
      if (asked) process.exit(130);
      asked = true;
      say(`\n${words.stopping}`);
      void stop(0);
    });
  // A signal that ends npm alone reaches its shell, and not what that runs.
  const npm = process.env.npm_lifecycle_event === undefined ? undefined : process.ppid;
  if (npm !== undefined) setInterval(() => process.ppid === npm || process.kill(process.pid, "SIGTERM"), 1000).unref();
}

try {
  const options = startOptions(process.argv.slice(2), process.env);
  if (options.help) console.log(USAGE);
  else await main(options);
} catch (error) {
  const mendable = error instanceof Refusal || error instanceof PortTaken || error instanceof RangeError;
  const wrongOption = error instanceof TypeError && "code" in error;
  console.error(mendable ? error.message : wrongOption ? `${error.message}\n\n${USAGE}` : error);
  process.exit(1);
}
