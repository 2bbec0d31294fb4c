/** The stand-in for Communication Services on its own. */
import { VirtualClock } from "../clock/virtual-clock.ts";
import { commandLine, started } from "../command-line.ts";
import { startCommunication } from "./communication.ts";

const USAGE = `Usage: npm run communication -- [--port N] [--file FILE]

  --port    where to listen; 7073 by default
  --file    keeps the mails in this SQLite file; without it they go with the process`;

const { port, file } = commandLine(USAGE, { port: { type: "string", default: "7073" }, file: { type: "string" } });
const clock = new VirtualClock();
const communication = await started(() =>
  startCommunication({
    port: Number(port),
    file,
    clock,
    busy: clock,
    publish: async ({ eventType, data }) => console.log(eventType, JSON.stringify(data)),
    log: console.error,
  }),
);
console.log(`Mailbox: http://localhost:${communication.port}/\n${communication.connectionString}`);

async function stop(): Promise<void> {
  await communication.close();
  clock.close();
}
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
