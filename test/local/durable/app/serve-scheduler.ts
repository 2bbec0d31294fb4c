import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Scheduler } from "../../../../local/durable/scheduler.ts";

export interface Served {
  start(name: string, id: string): Promise<void>;
  status(id: string): Promise<unknown>;
  close(): Promise<void>;
}

/** The management API of a scheduler alone, without an app. */
export async function serveScheduler(scheduler: Scheduler): Promise<Served> {
  const server = createServer((request, response) => void scheduler.handle(request, response, "/durabletask/"));
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/durabletask`;
  return {
    start: async (name, id) => {
      const { status } = await fetch(`${base}/orchestrators/${name}/${id}`, { method: "POST", body: "null" });
      if (status !== 202) throw new Error(`start answered ${status}`);
    },
    status: async (id) => (await fetch(`${base}/instances/${id}`)).json(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
