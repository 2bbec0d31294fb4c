import { VirtualClock } from "../clock/virtual-clock.ts";
import { commandLine, started } from "../command-line.ts";
import { readEntities } from "./config.ts";
import { startServiceBus } from "./service-bus.ts";

const USAGE = `Usage: npm run service-bus -- --config FILE [--port N] [--file JOURNAL]

  --config  the entities, in the format of the Config.json of Microsoft's own emulator
  --port    where to listen; 5672 by default, as that emulator does
  --file    keeps messages over a restart; without it they go with the process`;

const { config, port, file } = commandLine(USAGE, {
  config: { type: "string" },
  port: { type: "string", default: "5672" },
  file: { type: "string" },
});
if (config === undefined) {
  console.error(USAGE);
  process.exit(2);
}

const clock = new VirtualClock();
const log = (what: string): void => console.error(what);
const bus = await started(() =>
  startServiceBus({ entities: readEntities(config), port: Number(port), file, clock, busy: clock, log }),
);
console.log(`Service Bus listens on port ${bus.port}\n${bus.connectionString}`);

const stop = async () => {
  await bus.close();
  clock.close();
};
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
