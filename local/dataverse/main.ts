import { parseArgs } from "node:util";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { startDataverse } from "./dataverse.ts";

const USAGE = `Usage: npm run dataverse -- [--port N] [--file FILE] [--organization NAME]

  --port N              where to listen (7072)
  --file FILE           keep everything in this SQLite file; in memory without
  --organization NAME   unique name of the organisation (orglocal)

Faults on demand: POST /faults with {"throttle": 5} (429, Retry-After: 5), {"down": true}, {"slowMs": 500} or
{"webhook": "lost" | "vanished" | "twice"}; DELETE /faults ends them.`;

const values = readOptions();
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}

const clock = new VirtualClock();
const dataverse = await startDataverse({
  port: Number(values.port),
  file: values.file,
  organizationName: values.organization,
  clock,
  busy: clock,
  log: (line) => process.stdout.write(`${line}\n`),
}).catch((error: NodeJS.ErrnoException) => {
  const taken = error.code === "EADDRINUSE" ? `Port ${values.port} is taken; choose another by --port.` : String(error);
  process.stderr.write(`${taken}\n`);
  process.exit(1);
});
process.stdout.write(
  `Dataverse Web API  ${dataverse.url}\nexplorer           http://localhost:${dataverse.port}/\norganisation       ${dataverse.organizationId}\n`,
);

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    dataverse.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });

function readOptions() {
  try {
    return parseArgs({
      options: {
        port: { type: "string", default: "7072" },
        file: { type: "string" },
        organization: { type: "string", default: "orglocal" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`);
    process.exit(2);
  }
}
