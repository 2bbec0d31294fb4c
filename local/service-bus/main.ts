import { parseArgs } from "node:util";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { readEntities } from "./config.ts";
import { startServiceBus } from "./service-bus.ts";

const USAGE = `Usage: npm run service-bus -- --config FILE [--port N] [--file JOURNAL]

  --config  the entities, in the format of the Config.json of Microsoft's own emulator
  --port    where to listen; 5672 by default, as that emulator does
  --file    keeps messages over a restart; without it they go with the process`;

const { values } = parseArgs({
  options: { config: { type: "string" }, port: { type: "string", default: "5672" }, file: { type: "string" } },
});
if (values.config === undefined) {
  console.error(USAGE);
  process.exit(2);
}

const clock = new VirtualClock();
const bus = await startServiceBus({
  entities: readEntities(values.config),
  port: Number(values.port),
  file: values.file,
  clock,
  busy: clock,
  log: (what) => console.error(what),
});
console.log(`Service Bus listens on port ${bus.port}\n${bus.connectionString}`);

const stop = async () => {
  await bus.close();
  clock.close();
};
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
