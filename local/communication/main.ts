/** The stand-in on its own: `node local/communication/main.ts --port 7073 [--file mails.sqlite]`. */
import { parseArgs } from "node:util";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { startCommunication } from "./communication.ts";

const { values } = parseArgs({ options: { port: { type: "string", default: "7073" }, file: { type: "string" } } });
const clock = new VirtualClock();
const communication = await startCommunication({
  port: Number(values.port),
  file: values.file,
  clock,
  busy: clock,
  publish: async ({ eventType, data }) => console.log(eventType, JSON.stringify(data)),
  log: console.error,
});
console.log(`Mailbox: http://localhost:${communication.port}/\n${communication.connectionString}`);

async function stop(): Promise<void> {
  await communication.close();
  clock.close();
}
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
