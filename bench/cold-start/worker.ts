/**
 * A worker process, as the real one goes: core module, app, one HTTP invocation. Prints the milliseconds from the moment
 * at which it is ready to load the app to the first answer.
 */
import { installCoreModule } from "../../local/host/core-module.ts";
import { FunctionApp } from "../../local/host/function-app.ts";
import { Invoker } from "../../local/host/invoker.ts";
import { loadApp } from "../../local/host/load-app.ts";

const [folder = "", name = ""] = process.argv.slice(2);
const app = new FunctionApp();
installCoreModule(app, () => undefined);
const began = performance.now();
await loadApp(folder, app);

const asked = app.find(name);
if (asked === undefined) throw new Error(`${folder} has no function ${name}`);
const invoker = new Invoker({
  app,
  clientBinding: "{}",
  timeoutMs: 60_000,
  log: () => undefined,
  write: async () => undefined,
  onTimeout: (error) => {
    throw error;
  },
});
const http = { method: "GET", url: "http://localhost/", nullableHeaders: {}, nullableQuery: {}, nullableParams: {} };
const answer = await invoker.invoke(asked, { data: { http } });
if (answer.returnValue?.http?.statusCode !== "200") throw new Error(`${name} answered ${JSON.stringify(answer)}`);
console.log(performance.now() - began);
process.exit();
