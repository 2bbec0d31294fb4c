/** Whether mails will be believed, what to set in DNS, and how many can go out: `npm run deliverability`. */
import { runDeliverability } from "./deliverability/run.ts";

process.exitCode = await runDeliverability(process.argv.slice(2), process.env, (line) => console.log(line));
