import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { VirtualClock } from "../../../../local/clock/virtual-clock.ts";
import { openScheduler } from "../../../../local/durable/scheduler.ts";
import { loadApp } from "./load-app.ts";

/** A scheduler in a process of its own, for tests that kill it: `node platform-process.ts FILE APP…`. */
const [file = ":memory:", ...files] = process.argv.slice(2);
const clock = new VirtualClock();
const scheduler = openScheduler({ file, clock, busy: clock, hubName: "rh1", key: "KEY" });
scheduler.attach(loadApp("in-process", files).worker);
const server = createServer((request, response) => {
  void scheduler.handle(request, response, "/runtime/webhooks/durabletask");
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
