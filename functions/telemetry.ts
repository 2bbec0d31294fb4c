import { app } from "@azure/functions";
import { services } from "../shared/services.ts";

/** An instance that is taken away has no more time than this. */
const LAST_MS = 2_000;

// What was measured last is sent before the instance goes: scaling in is not rare.
app.hook.appTerminate(async () => {
  const { measure, clock } = services();
  if (measure.on) await Promise.race([measure.flush(), clock.sleep(LAST_MS)]);
});
