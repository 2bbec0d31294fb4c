import { installCoreModule } from "../../local/host/core-module.ts";
import { FunctionApp } from "../../local/host/function-app.ts";

// Run by itself: prints the trigger of every function, as the app registers it with a host.
const app = new FunctionApp();
installCoreModule(app, () => undefined);
await import("../../functions/index.ts");
console.log(
  JSON.stringify(app.functions.map(({ metadata, trigger }) => ({ ...trigger.settings, name: metadata.name }))),
);
