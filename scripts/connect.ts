/** Connects this deployment with a Dataverse environment: `npm run connect -- --environment URL`. */
import { runConnect } from "./connect/run.ts";

process.exitCode = await runConnect(process.argv.slice(2), process.env, (line) => console.log(line));
