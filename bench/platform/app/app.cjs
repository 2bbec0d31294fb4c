/** The recorded app, whose orchestrator `bench` is the one that was measured on the real host; and one of n steps. */
require("../../../test/fixtures/durable-functions/src/scenarios.js");
const df = require("durable-functions");

df.app.orchestration("steps", function* (context) {
  const { n } = context.df.getInput();
  for (let i = 0; i < n; i++) yield context.df.callActivity("echo", i);
  return "ok";
});
